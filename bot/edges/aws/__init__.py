"""What the operators' alarms need of AWS, through boto3: queue, topics, alarms, metrics.

Each class fulfils one port of `bot.ports.alarms`; whatever boto3 raises leaves as `AwsUnavailable`.
Credentials and addresses are boto3's business (`AWS_ENDPOINT_URL_SQS`, …), so the same code talks
to AWS and to a stand-in on this machine.
"""
