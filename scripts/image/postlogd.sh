#!/bin/sh
# The service "postlog" of master.cf while programs run beside Postfix: starts those that "reload"
# asks for (companion/supervisor.ts), then becomes postlogd(8). What master(8) starts has the container's
# output; a reload has the output of "docker exec", which ends with it.
asked=/etc/postfix/begin
if [ -f "$asked" ]; then
  mv "$asked" "$asked.taken"
  # The descriptors that master(8) gives its children are not for these programs.
  (umask 022 && cd / && exec /bin/sh "$asked.taken") \
    < /dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
  rm -f "$asked.taken"
fi
exec /usr/lib/postfix/sbin/postlogd "$@"
