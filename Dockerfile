# Hikyaku: Postfix with an entrypoint that reads its settings from the environment or a YAML file.
#
# Builds with the classic builder and with BuildKit. The base images are arguments, so that a place
# without an image registry can put its own in their stead (docs/building.md).
ARG DEBIAN_IMAGE=debian:trixie-slim
ARG NODE_IMAGE=node:26-trixie-slim

# One file of our code, with what it imports from entrypoint/package.json and nothing else; and the
# few lines that run it.
FROM ${NODE_IMAGE} AS bundle
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY entrypoint/package.json entrypoint/
COPY test/support/provider/package.json test/support/provider/
COPY test/support/oidc/package.json test/support/oidc/
RUN npm ci --workspace entrypoint --ignore-scripts --no-audit --no-fund
COPY entrypoint entrypoint
COPY scripts/image scripts/image
# The names of functions stay as they are: "this is a bug" shows where.
RUN build() { node_modules/.bin/esbuild --bundle --platform=node --format=cjs --target=node26 \
      --minify-whitespace --minify-syntax "$@"; } \
 && build entrypoint/main.ts --outfile=program.js --metafile=metafile.json \
      --banner:js='(() => { const require = process.getBuiltinModule;' --footer:js='})();' \
 && build entrypoint/companion/recorder/main.ts --outfile=recorder.js --metafile=recorder.json \
 && build entrypoint/companion/main.ts --outfile=companion.js --metafile=companion.json \
 && build entrypoint/companion/page/main.ts --outfile=page.js --metafile=page.json \
 && build entrypoint/setup/main.ts --outfile=setup.js --metafile=setup.json \
 && build scripts/image/launch.ts --outfile=launch.js
# What scanners find no other record of: Node.js, and what of npm is in our programs.
RUN node scripts/image/bill-of-materials.mjs > node.cdx.json \
 && node scripts/image/bill-of-materials.mjs metafile.json recorder.json companion.json page.json \
      setup.json \
      > program.cdx.json

# What compiles the few programs in C, and makes other parts smaller.
FROM ${DEBIAN_IMAGE} AS tools
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      binutils gcc icu-devtools libc6-dev libsasl2-dev libssl-dev

# The data of ICU that Postfix asks for.
FROM tools AS icu
ARG SOURCE_DATE_EPOCH=1767225600
COPY scripts/image/reduce-icu-data /build/
RUN sh /build/reduce-icu-data /icu \
 && find /icu -exec touch --date="@$SOURCE_DATE_EPOCH" {} +

# The Node.js binary without its symbols: a quarter of it.
FROM tools AS node
ARG SOURCE_DATE_EPOCH=1767225600
COPY --from=bundle /usr/local/bin/node /node/usr/local/bin/
COPY --from=bundle /build/node.cdx.json /node/usr/share/hikyaku/
RUN strip --strip-unneeded /node/usr/local/bin/node \
 && find /node -exec touch --date="@$SOURCE_DATE_EPOCH" {} +

# Our programs in C.
FROM tools AS compiled
# The login with an OAuth 2 token: a plugin for Cyrus SASL.
COPY sasl/xoauth2.c /build/
RUN plugins="/compiled/usr/lib/$(gcc -dumpmachine)/sasl2" \
 && mkdir -p "$plugins" \
 && gcc -std=c17 -O2 -Wall -Wextra -Wpedantic -Wconversion -Werror -fPIC -shared -fvisibility=hidden \
      -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=3 \
      -Wl,-z,relro,-z,now,-z,noexecstack,-z,defs,--build-id=none -s \
      -o "$plugins/libxoauth2.so" /build/xoauth2.c -lsasl2
# What process 1 hears with until Postfix has handlers (scripts/image/hikyaku).
COPY scripts/image/hear-early.c /build/
RUN mkdir -p /compiled/usr/lib/hikyaku \
 && gcc -std=gnu17 -O2 -Wall -Wextra -Wpedantic -Werror -fPIC -shared \
      -o /compiled/usr/lib/hikyaku/hear-early.so /build/hear-early.c
# Programs of a page of C: two that Postfix's master starts for a connection (spawn(8)), and one that
# follows the log for "pair".
COPY helpers /build
RUN build() { gcc -std=c17 -D_DEFAULT_SOURCE -O2 -Wall -Wextra -Wpedantic -Wconversion -Werror -fPIE -pie \
      -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=3 \
      -Wl,-z,relro,-z,now,-z,noexecstack,--build-id=none -s -o "/compiled/usr/lib/hikyaku/$1" "/build/$1.c" $2; } \
 && build keep-originals \
 && build follow-log \
 && build login -lcrypto

# The file system of the image: what Postfix and Node.js need, and a shell to look around with.
FROM ${DEBIAN_IMAGE} AS system
# The accounts are made here so that their numbers stay the same from one image to the next: the
# queue on a volume belongs to them. "mailbox" owns the mailboxes of local users and nothing
# else; the page, which listens to browsers, runs as "hikyaku-page" and owns nothing.
# The date keeps the day of the build out of /etc/shadow (useradd(8), SOURCE_DATE_EPOCH).
RUN touch --date='2 seconds ago' /tmp/start \
 && export SOURCE_DATE_EPOCH=0 \
 && groupadd --system --gid 101 postfix \
 && groupadd --system --gid 102 postdrop \
 && groupadd --system --gid 103 opendkim \
 && groupadd --system --gid 104 hikyaku-login \
 && groupadd --system --gid 105 hikyaku-page \
 && groupadd --system --gid 5000 mailbox \
 && useradd --system --uid 101 --gid postfix --home-dir /var/spool/postfix --no-create-home \
      --shell /usr/sbin/nologin postfix \
 && useradd --system --uid 103 --gid opendkim --home-dir /tmp --no-create-home \
      --shell /usr/sbin/nologin opendkim \
 && useradd --system --uid 104 --gid hikyaku-login --home-dir /nonexistent --no-create-home \
      --shell /usr/sbin/nologin hikyaku-login \
 && useradd --system --uid 105 --gid hikyaku-page --home-dir /tmp --no-create-home \
      --shell /usr/sbin/nologin hikyaku-page \
 && useradd --system --uid 5000 --gid mailbox --home-dir /var/mail --no-create-home \
      --shell /usr/sbin/nologin mailbox
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      ca-certificates \
      libatomic1 \
      libsasl2-modules \
      netbase \
      opendkim \
      postfix \
      postfix-cdb \
      postfix-lmdb \
      postfix-mysql \
      postfix-pcre \
      postfix-pgsql \
      postfix-sqlite \
      tzdata
# What Postfix says of itself, asked once: names of parameters, with what the form of the default
# tells of their values, and types of tables.
RUN mkdir -p /usr/share/hikyaku/postfix \
 && postconf -dx 2>/dev/null | sed -nE \
      -e 's/^(\S+) = [0-9]+$/\1 number/p; t' \
      -e 's/^(\S+) = [0-9]+[smhdw]$/\1 time/p; t' \
      -e 's/^(\S+) = (yes|no)$/\1 yes-no/p; t' \
      -e 's/ =.*//p' > /usr/share/hikyaku/parameters \
 && postconf -m > /usr/share/hikyaku/table-types \
# /etc/postfix holds only what is written at start, so that it can be a tmpfs.
 && mv /etc/postfix/dynamicmaps.cf /etc/postfix/postfix-files /etc/postfix/postfix-files.d \
      /usr/share/hikyaku/postfix/ \
# For Postfix's own commands at start: without a log file, so that what they say comes to us.
 && mkdir /usr/share/hikyaku/commands \
 && printf '%s\n' 'compatibility_level = 3.10' 'meta_directory = /usr/share/hikyaku/postfix' \
      'deliver_lock_attempts = 60' 'deliver_lock_delay = 1s' \
      > /usr/share/hikyaku/commands/main.cf \
 && rm -rf /etc/postfix /etc/aliases /etc/aliases.db /var/spool/postfix \
 && mkdir -m 0755 /etc/postfix /var/spool/postfix /etc/hikyaku
# What the relay never runs goes, through dpkg, so that its record stays true for scanners: the
# package tools themselves (the image is rebuilt, not updated), accounts and log-ins, mounting,
# Perl, and character sets other than UTF-8.
COPY scripts/image/purge-packages /tmp/
RUN sh /tmp/purge-packages && rm /tmp/purge-packages
# The queue's directories, in the image so that a new volume starts with the right owners.
RUN cd /var/spool/postfix \
 && install -d -m 0700 -o postfix -g root active bounce corrupt defer deferred flush hold incoming \
      private saved trace \
 && install -d -m 0730 -o postfix -g postdrop maildrop \
 && install -d -m 0710 -o postfix -g postdrop public \
 && install -d -m 0755 pid \
 && install -d -m 0700 -o postfix -g postfix /var/lib/postfix \
 && install -d -m 0750 -o mailbox -g mailbox /var/mail \
# What the relay keeps besides mail: a volume for those who use it.
 && install -d -m 0700 /var/lib/hikyaku
COPY --from=icu /icu /
# What the build made carries a date of its own choice, so that two builds make the same layer.
ARG SOURCE_DATE_EPOCH=1767225600
# BuildKit mounts two files of its own in /etc, read-only.
RUN find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp \
      -o -path /etc/hosts -o -path /etc/resolv.conf \) -prune -o \
      -newer /tmp/start -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} + \
 && touch --date="@$SOURCE_DATE_EPOCH" /usr/share/hikyaku/* \
 && rm /tmp/start \
 && touch --date="@$SOURCE_DATE_EPOCH" /tmp

# Our own program, and what V8 makes of it on this system with this Node.js.
FROM system AS program
COPY --from=node /node /
COPY --from=compiled /compiled /program
COPY scripts/image/hikyaku /program/usr/local/bin/
COPY --from=bundle /build/program.js /build/recorder.js /build/companion.js /build/page.js /build/setup.js \
      /build/launch.js /build/program.cdx.json \
      /program/usr/share/hikyaku/
COPY scripts/image/attend.sh scripts/image/postlogd.sh scripts/image/watch.sh /program/usr/share/hikyaku/
COPY scripts/image/compile.ts scripts/image/program.ts /tmp/
ARG SOURCE_DATE_EPOCH=1767225600
# With the options of scripts/image/hikyaku, or V8 would not take what it made; the seed makes it the same from
# one build to the next, and so does a name in place of the build container's. The names stand for
# any provider's.
RUN export RELAY_HOST=mail.example.com RELAY_USERNAME=user RELAY_PASSWORD=password \
      RELAY_MYHOSTNAME=relay.example.com \
 && cp --recursive /program/. / \
 && node --min-semi-space-size=16 --random-seed=1 /tmp/compile.ts > /dev/null \
 && mv /usr/share/hikyaku/program.compiled /program/usr/share/hikyaku/ \
 && find /program -exec touch --date="@$SOURCE_DATE_EPOCH" {} +

# Three layers, from what changes least to what changes most: an update of our program pulls the last
# one. What was removed above takes no room.
FROM scratch
COPY --from=system / /
COPY --from=node /node /
COPY --from=program /program /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# A release says which it is (scripts/release/): the commit, its address, and its date (RFC 3339).
ARG VERSION=0.2.0
ARG REVISION=
ARG SOURCE=
ARG CREATED=2026-01-01T00:00:00Z
LABEL org.opencontainers.image.title="Hikyaku" \
      org.opencontainers.image.description="A mail relay for the small or home office" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.created="$CREATED"
EXPOSE 25 587
VOLUME /var/spool/postfix
# Postfix's master ends cleanly on SIGTERM (master(8)).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=25s --start-period=30s CMD ["hikyaku", "health"]
ENTRYPOINT ["hikyaku"]
CMD ["start"]
