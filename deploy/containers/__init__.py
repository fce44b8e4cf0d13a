"""What runs inside our images: the serving process as SageMaker starts it, and its health probe."""
