#!/bin/bash
# Runs a command with the bot token in its environment; nothing writes the token to the disk, so a
# rotated token needs a restart.
#
#   TOKEN_SECRET=<arn> start.sh python -m bot
set -euo pipefail

TELEGRAM_TOKEN=$(aws secretsmanager get-secret-value --secret-id "$TOKEN_SECRET" \
  --query SecretString --output text)
export TELEGRAM_TOKEN
exec "$@"
