#!/bin/sh
# For "watch: yes": looks at the files that it is given every two seconds, and applies what changed.
# "stat -L" sees through links, so that the volumes of Kubernetes, which exchange a link, count too;
# a file that is missing is a line as well.
look() {
  stat -L -c '%n %i %s %Y' "$@" 2>&1
}

last=$(look "$@")
while sleep 2; do
  now=$(look "$@")
  [ "$now" != "$last" ] || continue
  # Somebody may be writing still.
  sleep 1
  [ "$(look "$@")" = "$now" ] || continue
  last=$now
  echo 'hikyaku: a file of the settings has changed'
  if hikyaku reload --as-started 2>&1; then
    rm -f /tmp/reload-failed
  else
    : > /tmp/reload-failed
  fi
done
