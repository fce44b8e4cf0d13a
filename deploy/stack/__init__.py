"""The stack on AWS as a description: choices in, a CloudFormation template out; no AWS client."""
