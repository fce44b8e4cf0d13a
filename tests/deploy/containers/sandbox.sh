#!/bin/bash
# A container without Docker: run by `unshare --net --mount --pid --fork` as root.
#
#   sandbox.sh BEGUN ROOT PYTHON USER:GROUP HOST=INSIDE… -- NAME=VALUE… -- COMMAND…
#
# ROOT becomes a read-only file system with the host's /usr, /etc and Python and with the folders
# that are named, read-only but for those given as HOST=INSIDE=rw; COMMAND runs in it as the user,
# with that environment and a loopback of its own.  Before that a byte is written to the file
# descriptor BEGUN.
set -euo pipefail
begun=$1 root=$2 python=$3 user=$4
shift 4
folders=() environment=()
while [ "$1" != -- ]; do folders+=("$1"); shift; done
shift
while [ "$1" != -- ]; do environment+=("$1"); shift; done
shift

mount --make-rprivate /
mount -t tmpfs -o mode=755 none "$root"
seen() { # host's folder, its place inside, ro or rw
  mkdir -p "$root$2"
  mount --bind "$1" "$root$2"
  [ "$3" = rw ] || mount -o remount,bind,ro "$root$2"
}
for place in /bin /lib /lib64; do
  if [ -L "$place" ]; then
    cp -P "$place" "$root$place"
  elif [ -d "$place" ]; then
    seen "$place" "$place" ro
  fi
done
seen /usr /usr ro
seen /etc /etc ro
case $python in /usr | /usr/*) ;; *) seen "$python" "$python" ro ;; esac
for folder in "${folders[@]}"; do
  IFS='=' read -r host inside rights <<< "$folder"
  seen "$host" "$inside" "${rights:-ro}"
done
mkdir "$root/proc" "$root/dev"
mount -t proc proc "$root/proc"
for device in null urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount -o remount,ro "$root"
"$python/bin/python3" -c '
import fcntl, socket, struct
with socket.socket() as any_socket:  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 0x41))
'
cd /
printf . >&"$begun"
exec {begun}>&-
exec chroot --userspec="$user" --groups= "$root" /usr/bin/env -i "${environment[@]}" "$@"
