"""Grants that no flow test and none of the simulator's schedules takes yet: each wants a walk, or to go. It may only grow shorter."""

NOT_WALKED: dict[str, set[str]] = {
    "AccountsApi": {
        "dynamodb:BatchGetItem AccountsTable",
        "dynamodb:Query AccountsTable/index/*",
    },
    "UploadsApi": {
        "dynamodb:UpdateItem UploadsTable",
        "s3:PutObject FeedBucket/pictures/*",
    },
    "UploadsFeeds": {
        "dynamodb:GetItem UploadsTable",
    },
    "UploadsRows": {
        "dynamodb:UpdateItem UploadsTable",
    },
    "AuditApi": {
        "dynamodb:PutItem AuditTable",
        "dynamodb:Query AuditTable/index/*",
    },
    "CatalogSanctions": {
        "dynamodb:PutItem CatalogTable",
    },
    "StorefrontsIndexer": {
        "s3:DeleteObject IndexBucket/index/*",
    },
    "FanoutApi": {
        "sqs:SendMessage DeliveriesQueue",
    },
    "FanoutWorker": {
        "dynamodb:BatchGetItem FanoutTable",
        "s3:GetObject ReferenceBucket/reference/*",
    },
    "FanoutPlanner": {
        "dynamodb:Query FanoutTable",
    },
    "FanoutDeliver": {
        "dynamodb:Query FanoutTable/index/*",
        "sqs:SendMessage DeliveriesQueue",
    },
    "FanoutCatchup": {
        "dynamodb:BatchGetItem FanoutTable",
        "sqs:SendMessage DeliveriesQueue",
    },
    "FanoutSweep": {
        "dynamodb:Query FanoutTable",
        "dynamodb:UpdateItem FanoutTable",
        "sqs:SendMessage CatchupsQueue",
        "sqs:SendMessage DeliveriesQueue",
    },
    "OrdersApi": {
        "dynamodb:BatchWriteItem OrdersTable",
        "s3:GetObject ReferenceBucket/reference/*",
    },
    "PaymentsApi": {
        "lambda:InvokeFunction function:monsoon-plugin-*",
    },
    "PaymentsWorker": {
        "lambda:InvokeFunction function:monsoon-plugin-*",
    },
    "PaymentsSweep": {
        "lambda:InvokeFunction function:monsoon-plugin-*",
    },
    "ShippingApi": {
        "s3:GetObject DocumentsBucket/*",
        "s3:GetObject ReferenceBucket/reference/*",
        "s3:PutObject DocumentsBucket/*",
    },
    "ShippingWorker": {
        "kms:GenerateDataKey CredentialsKey",
        "lambda:InvokeFunction function:monsoon-plugin-*",
        "s3:GetObject DocumentsBucket/*",
        "s3:GetObject ReferenceBucket/reference/*",
        "s3:PutObject DocumentsBucket/*",
        "secretsmanager:GetSecretValue SigningSecret",
    },
    "ShippingSweep": {
        "kms:GenerateDataKey CredentialsKey",
        "lambda:InvokeFunction function:monsoon-plugin-*",
        "s3:GetObject DocumentsBucket/*",
        "s3:GetObject ReferenceBucket/reference/*",
        "s3:PutObject DocumentsBucket/*",
        "secretsmanager:GetSecretValue SigningSecret",
    },
    "SettlementApi": {
        "dynamodb:BatchGetItem SettlementTable",
        "dynamodb:BatchWriteItem SettlementTable",
        "dynamodb:DeleteItem SettlementTable",
        "dynamodb:PutItem SettlementTable",
        "dynamodb:UpdateItem SettlementTable",
        "kms:Decrypt CredentialsKey",
        "kms:GenerateDataKey CredentialsKey",
        "lambda:InvokeFunction function:monsoon-plugin-*",
    },
    "SettlementWorker": {
        "dynamodb:UpdateItem SettlementTable",
    },
    "SettlementSweep": {
        "lambda:InvokeFunction function:monsoon-plugin-*",
    },
}
