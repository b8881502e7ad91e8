#!/usr/bin/env bash
# What a container engine does between making the namespaces and starting the process; runs inside them (unshare --mount --pid --fork).
#
#   container.sh ROOT USER FOLDER [MOUNT]... -- COMMAND [ARGUMENT]...
#
# ROOT becomes the root file system, FOLDER the working folder in it. A MOUNT is one of
#   ro:PATH:PATH    a file or folder of the machine, to be read only     tmpfs:PATH    an empty one in memory
#   rw:PATH:PATH    the same, to be written                              read-only     nothing but those can be written
set -euo pipefail
root=$1 user=$2 folder=$3
shift 3

# The folder of the machine in the place of the base image: programs and libraries, no data.
mount --bind "$root" "$root"
for each in /usr /bin /sbin /lib /lib64; do
  if [ -L "$each" ]; then
    # Another container of the same image may be making it at this moment.
    [ -L "$root$each" ] || ln -sn "$(readlink "$each")" "$root$each" 2>/dev/null || [ -L "$root$each" ]
  elif [ -d "$each" ]; then
    mkdir -p "$root$each"
    mount --bind "$each" "$root$each"
    mount -o remount,ro,bind "$root$each"
  fi
done

mkdir -p "$root/proc" "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 dev "$root/dev"
for each in null zero full random urandom; do
  touch "$root/dev/$each"
  mount --bind "/dev/$each" "$root/dev/$each"
done

is_read_only=false
while [ "$1" != -- ]; do
  IFS=: read -r kind source target <<< "$1"
  case $kind in
    ro | rw)
      if [ -d "$source" ]; then mkdir -p "$root$target"; else mkdir -p "$(dirname "$root$target")" && touch "$root$target"; fi
      mount --bind "$source" "$root$target"
      [ "$kind" = rw ] || mount -o remount,ro,bind "$root$target"
      ;;
    tmpfs)
      mkdir -p "$root$source"
      mount -t tmpfs -o mode=1777,size=64m,noexec,nosuid,nodev tmp "$root$source"
      ;;
    read-only) is_read_only=true ;;
    *) echo "container.sh: there is no mount '$1'" >&2 && exit 125 ;;
  esac
  shift
done
shift

mkdir -p "$root$folder"
if $is_read_only; then mount -o remount,ro,bind "$root"; fi

# No privilege is left, and none can be gained.
drop=()
if [ "$user" != 0 ]; then
  drop=(setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all --)
fi
exec chroot "$root" "${drop[@]}" env --chdir="$folder" -- "$@"
