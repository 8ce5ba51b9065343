"""What AWS itself uses through functions' roles, on their behalf: rights that no code of ours takes. Each with AWS's own page.

Read on 2026-11-29. Two kinds are not here, for nothing of them is granted: X-Ray (functions follow the decision that comes with a request
and send nothing by themselves), and KMS by a service (queues, topic, buckets and functions' variables rest on keys that AWS manages, with
the permissions: "Securing Lambda environment variables", docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html).
"""

from fnmatch import fnmatchcase

STREAMS = (
    'what a stream\'s function could not do: "Retain discarded records for a DynamoDB event source in Lambda" (the role must have '
    "sqs:SendMessage), docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html"
)
BY_AWS: dict[str, str] = {
    "s3:ListBucket *": (
        'S3 API reference, GetObject, "Permissions": without it S3 answers 403, not 404, for an object that is not there. The page was not '
        "found; read as AWS quotes it, docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/client/s3/command/HeadObjectCommand"
    ),
}
"""Of the template's own policies: `action resource` → why, and where that is written."""
BY_SAM: dict[str, str] = {
    "AWSLambdaBasicExecutionRole": (
        'logs: "AWSLambdaBasicExecutionRole", docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html'
    ),
    "AWSLambdaSQSQueueExecutionRole": (
        'queues: "AWS Lambda Execution Role" ("When you use an event source mapping to invoke your function, Lambda uses the execution '
        'role to read event data"), docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html'
    ),
    "AWSLambdaDynamoDBExecutionRole": (
        "streams: "
        '"AWSLambdaDynamoDBExecutionRole", docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaDynamoDBExecutionRole.html'
    ),
    "sqs:SendMessage PublishDeadLetters": STREAMS,
    "sqs:SendMessage PlannerDeadLetters": STREAMS,
    "sqs:SendMessage StockDeadLetters": STREAMS,
    "sqs:SendMessage SchedulesDeadLetters": (
        'runs of schedules that failed for good: "Capturing records of Lambda asynchronous invocations" (permission errors keep a record '
        "from its destination), docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"
    ),
}
"""Of what SAM adds to a function's role: a managed policy, or `action resource` → why, and where that is written."""


def is_by_aws(right: str) -> bool:
    """Whether `right`, an action and a resource with a space between, is of BY_AWS."""
    return any(fnmatchcase(right, known) for known in BY_AWS)
