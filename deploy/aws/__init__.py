"""AWS, one file per service; the only place of `deploy` that holds boto3 clients."""
