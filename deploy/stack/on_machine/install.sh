#!/bin/bash
# Makes a fresh Amazon Linux 2023 machine (arm64) the bot's machine; runs as root at first start.
#
# Reads /etc/fechamento/machine (region, data volume, log group, token's secret) and leaves a systemd
# service that restarts for ever.  Ends with 0 only when the bot answers: whoever called it signals
# CloudFormation, which otherwise brings the version before back.
set -euo pipefail

SOURCE=/opt/fechamento/source
HERE=$SOURCE/deploy/stack/on_machine
DATA=/var/lib/fechamento
# shellcheck source=/dev/null
source /etc/fechamento/machine
export AWS_DEFAULT_REGION

until_true() { # seconds, command…: try every 3 seconds
  local tries=$(($1 / 3))
  shift
  until "$@"; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then
      echo "gave up waiting: $*" >&2
      return 1
    fi
    sleep 3
  done
}

this_machine() {
  local token
  token=$(curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' \
    http://169.254.169.254/latest/api/token)
  curl -sf -H "X-aws-ec2-metadata-token: $token" \
    http://169.254.169.254/latest/meta-data/instance-id
}

attach() { # fails while the machine before still holds the volume
  aws ec2 attach-volume --volume-id "$VOLUME" --instance-id "$1" --device /dev/sdf > /dev/null
}

mount_data() {
  local device=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${VOLUME/-/}
  until_true 300 attach "$(this_machine)"
  until_true 60 test -e "$device"
  blkid "$device" > /dev/null || mkfs.xfs -q "$device"
  mkdir -p "$DATA"
  echo "$device $DATA xfs defaults,nofail 0 2" >> /etc/fstab
  systemctl daemon-reload
  mount "$DATA"
  xfs_growfs "$DATA" > /dev/null # the volume may have been enlarged
}

install_packages() { # our own pins, by hash; nothing is built here
  dnf install -y -q amazon-cloudwatch-agent python3.11 python3.11-pip
  python3.11 -m venv /opt/fechamento/venv
  /opt/fechamento/venv/bin/pip install -q --disable-pip-version-check \
    --require-hashes --no-deps --only-binary=:all: -r "$SOURCE/deploy/containers/bot.txt"
}

send_logs() {
  local bot
  bot=$(sed -n 's/^METRICS_BOT=//p' /etc/fechamento/environment)
  sed -e "s|@LOG_GROUP@|$LOG_GROUP|" -e "s|@BOT@|$bot|" -e "s|@DATA@|$DATA|" \
    "$HERE/agent.json" > /etc/fechamento/agent.json
  /opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl \
    -a fetch-config -m ec2 -s -c file:/etc/fechamento/agent.json > /dev/null
}

start_bot() {
  id fechamento > /dev/null 2>&1 || useradd --system --home-dir "$DATA" --shell /sbin/nologin fechamento
  install -d -o fechamento -g fechamento -m 0700 "$DATA"
  install -d -m 0750 /var/log/fechamento # systemd opens the log as root
  install -m 0755 "$HERE/start.sh" /opt/fechamento/start.sh
  install -m 0644 "$HERE/logrotate" /etc/logrotate.d/fechamento
  install -m 0644 "$HERE/fechamento.service" /etc/systemd/system/fechamento.service
  systemctl daemon-reload
  systemctl enable -q --now fechamento
}

answers() { # any answer counts: /saude says 503 while Yahoo is away
  curl -s -o /dev/null --max-time 3 http://127.0.0.1:8080/saude
}

install_packages
mount_data
send_logs
start_bot
until_true 120 answers
