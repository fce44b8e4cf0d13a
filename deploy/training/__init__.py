"""Training on AWS: the same `model train` and `model export`, as a SageMaker training job."""
