# The public Node.js image and the CA bundle of this host, for `npm ci` behind a proxy that re-signs
# TLS. Used for building only.
ARG BASE
FROM ${BASE}
COPY ca.pem /usr/local/share/hikyaku/ca.pem
ENV NODE_EXTRA_CA_CERTS=/usr/local/share/hikyaku/ca.pem
