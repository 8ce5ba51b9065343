"""Grants that no flow test and none of the simulator's schedules takes yet: each wants a walk, or to go. It may only grow shorter."""

NOT_WALKED: dict[str, set[str]] = {
    "AccountsApi": {
        "dynamodb:BatchGetItem AccountsTable",
        "dynamodb:Query AccountsTable/index/*",
    },
    "UploadsApi": {
        "s3:PutObject FeedBucket/pictures/*",
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
    "FanoutSweep": {
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
        "s3:GetObject ReferenceBucket/reference/*",
        "s3:PutObject DocumentsBucket/*",
    },
    "ShippingSweep": {
        "kms:GenerateDataKey CredentialsKey",
        "lambda:InvokeFunction function:monsoon-plugin-*",
        "s3:GetObject ReferenceBucket/reference/*",
        "s3:PutObject DocumentsBucket/*",
    },
    "SettlementApi": {
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
