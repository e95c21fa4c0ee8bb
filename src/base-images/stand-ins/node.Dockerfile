# A stand-in for node:26-trixie-slim where no registry of images can be reached: the Node.js binary
# of the npm package "node", and npm. Used for building only; an image built with it takes nothing
# from it but the binary.
ARG BASE
FROM ${BASE}
# What the binary is linked with, beyond the C library.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libatomic1 libstdc++6 \
 && rm -rf /var/lib/apt/lists/*
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
 && node --version \
 && npm --version
# The host's own CA bundle; an empty file where it has none.
COPY ca.pem /usr/local/share/hikyaku/ca.pem
ENV NODE_EXTRA_CA_CERTS=/usr/local/share/hikyaku/ca.pem
CMD ["node"]
