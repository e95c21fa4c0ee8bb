#!/bin/sh
docker pull boky/postfix   # the relay
sudo docker run --rm -d --name relay -p 25:587 -h relay.example.com \
  -e RELAYHOST='[mail.isp.example]:465' \
  -e "RELAYHOST_USERNAME=hoge" --env=RELAYHOST_PASSWORD="it's \"s3cret\"" \
  -eALLOWED_SENDER_DOMAINS="example.com $MORE" \
  --env-file mail.env -v "$PWD/main.cf:/etc/postfix/main.cf:ro" \
  docker.io/boky/postfix:latest
