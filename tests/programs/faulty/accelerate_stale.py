"""GLUE/MRPC with accelerate, without the Trainer."""
import argparse

import evaluate
import torch
from accelerate import Accelerator
from datasets import load_dataset
from torch.utils.data import DataLoader
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    get_linear_schedule_with_warmup,
)

CHECKPOINT = "bert-base-cased"


def get_dataloaders(accelerator, batch_size):
    tokenizer = AutoTokenizer.from_pretrained(CHECKPOINT)
    raw = load_dataset("glue", "mrpc")

    def tokenize(examples):
        return tokenizer(examples["sentence1"], examples["sentence2"], truncation=True)

    with accelerator.main_process_first():
        data = raw.map(tokenize, batched=True, remove_columns=["idx", "sentence1", "sentence2"])
    data = data.rename_column("label", "labels")
    collate = DataCollatorWithPadding(tokenizer, return_tensors="pt")
    return (
        DataLoader(data["train"], shuffle=True, collate_fn=collate, batch_size=batch_size, drop_last=True),
        DataLoader(data["validation"], shuffle=False, collate_fn=collate, batch_size=2 * batch_size),
    )


def training_function(args):
    accelerator = Accelerator()
    train_dataloader, eval_dataloader = get_dataloaders(accelerator, args.batch_size)
    metric = evaluate.load("glue", "mrpc")
    model = AutoModelForSequenceClassification.from_pretrained(CHECKPOINT, num_labels=2)
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
    lr_scheduler = get_linear_schedule_with_warmup(optimizer, 100, len(train_dataloader) * args.epochs)
    model, optimizer, train_dataloader, eval_dataloader, lr_scheduler = accelerator.prepare(
        model, optimizer, train_dataloader, eval_dataloader, lr_scheduler
    )

    for epoch in range(args.epochs):
        model.train()
        for batch in train_dataloader:
            outputs = model(**batch)
            accelerator.backward(outputs.loss)
            accelerator.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()  # expect: stale-gradients
            lr_scheduler.step()

        model.eval()
        for batch in eval_dataloader:
            with torch.no_grad():
                outputs = model(**batch)
            predictions = outputs.logits.argmax(dim=-1)
            predictions, references = accelerator.gather_for_metrics((predictions, batch["labels"]))
            metric.add_batch(predictions=predictions, references=references)
        accelerator.print(f"epoch {epoch}:", metric.compute())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=2e-5)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch_size", type=int, default=16)
    training_function(parser.parse_args())
