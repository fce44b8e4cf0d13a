"""A stand-in for SageMaker Runtime: the route that boto3 invokes the model through."""
