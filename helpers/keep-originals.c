/*
 * Keeps in headers what later rewriting would hide: a milter for Postfix, one process for each
 * connection, started by spawn(8) with the connection as standard input and output.
 *
 *   keep-originals from         adds X-Hikyaku-Reply-To with the From header of a message that has
 *                               no Reply-To; the delivery service makes of it what it needs
 *   keep-originals recipients   adds an X-Original-To header for each recipient
 *
 * Postfix goes on without it when it fails (milter_default_action), so it only ever adds. The
 * protocol: MILTER_README, and libmilter's mfdef.h. A packet is a length of four bytes, a command
 * of one byte, and data.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum {
  LARGEST_PACKET = 1 << 20,  /* Postfix sends less: header_size_limit, line_length_limit */
  LARGEST_NOTES = 1 << 17,   /* what is kept of one message */
  PROTOCOL_VERSION = 6,
  MAY_ADD_HEADERS = 0x01,
  /* Events that Postfix need not send: connect, HELO, MAIL, body, end of header, unknown, DATA. */
  SEND_NO_EVENTS = 0x01 | 0x02 | 0x04 | 0x10 | 0x40 | 0x100 | 0x200,
  SEND_NO_RECIPIENTS = 0x08,
  SEND_NO_HEADERS = 0x20,
  /* Events without a reply: a header, a recipient. */
  ANSWER_NO_HEADER = 0x80,
  ANSWER_NO_RECIPIENT = 0x8000
};

struct notes {
  size_t length;
  unsigned char text[LARGEST_NOTES]; /* values, each ended by a zero byte */
  bool has_reply_to;
};

static bool read_all(void *buffer, size_t length) {
  unsigned char *at = buffer;
  while (length > 0) {
    ssize_t got = read(STDIN_FILENO, at, length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    length -= (size_t)got;
  }
  return true;
}

static void write_all(const void *buffer, size_t length) {
  const unsigned char *at = buffer;
  while (length > 0) {
    ssize_t put = write(STDOUT_FILENO, at, length);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) exit(EXIT_FAILURE);
    at += put;
    length -= (size_t)put;
  }
}

static void send_packet(char command, const void *data, size_t length) {
  uint32_t size = htonl((uint32_t)length + 1);
  write_all(&size, sizeof size);
  write_all(&command, 1);
  write_all(data, length);
}

static void add_header(const char *name, const unsigned char *value) {
  static char data[LARGEST_NOTES + 64];
  size_t name_size = strlen(name) + 1;
  size_t value_size = strlen((const char *)value) + 1;
  memcpy(data, name, name_size);
  memcpy(data + name_size, value, value_size);
  send_packet('h', data, name_size + value_size);
}

/* A value that finds no room is left out. */
static void note(struct notes *notes, const char *value, size_t length) {
  if (length + 1 > sizeof notes->text - notes->length) return;
  memcpy(notes->text + notes->length, value, length);
  notes->length += length;
  notes->text[notes->length++] = 0;
}

/* The reply to the offer of options: what we may do, and what we do not want to be sent. */
static void negotiate(const unsigned char *offer, size_t length, bool wants_recipients) {
  uint32_t options[3];
  if (length < sizeof options) exit(EXIT_FAILURE);
  memcpy(options, offer, sizeof options);
  uint32_t unwanted = SEND_NO_EVENTS | ANSWER_NO_HEADER | ANSWER_NO_RECIPIENT |
                      (wants_recipients ? SEND_NO_HEADERS : SEND_NO_RECIPIENTS);
  uint32_t answer[3] = {
      htonl(PROTOCOL_VERSION),
      options[1] & htonl(MAY_ADD_HEADERS),
      options[2] & htonl(unwanted),
  };
  send_packet('O', answer, sizeof answer);
}

/* A header: its name and its value, each ended by a zero byte. */
static void note_header(struct notes *notes, const char *data, size_t length) {
  size_t name = strnlen(data, length);
  if (name == length) return;
  const char *value = data + name + 1;
  size_t value_length = strnlen(value, length - name - 1);
  if (strcasecmp(data, "Reply-To") == 0) notes->has_reply_to = true;
  /* A second From is invalid, and not an address for replies. */
  if (strcasecmp(data, "From") == 0 && notes->length == 0) note(notes, value, value_length);
}

/* A recipient: `<address>` ended by a zero byte, then ESMTP parameters. */
static void note_recipient(struct notes *notes, const char *data, size_t length) {
  size_t end = strnlen(data, length);
  bool in_brackets = end >= 2 && data[0] == '<' && data[end - 1] == '>';
  if (in_brackets) note(notes, data + 1, end - 2);
  else note(notes, data, end);
}

static void add_notes(const struct notes *notes, bool wants_recipients) {
  if (!wants_recipients && notes->has_reply_to) return;
  const char *name = wants_recipients ? "X-Original-To" : "X-Hikyaku-Reply-To";
  for (size_t at = 0; at < notes->length; at += strlen((const char *)notes->text + at) + 1) {
    add_header(name, notes->text + at);
  }
}

static void forget(struct notes *notes) {
  notes->length = 0;
  notes->has_reply_to = false;
}

int main(int argc, char **argv) {
  static unsigned char packet[LARGEST_PACKET];
  static struct notes notes;
  bool wants_recipients = argc == 2 && strcmp(argv[1], "recipients") == 0;
  if (argc != 2 || (!wants_recipients && strcmp(argv[1], "from") != 0)) return 64;
  for (;;) {
    uint32_t size;
    if (!read_all(&size, sizeof size)) return EXIT_SUCCESS;
    size = ntohl(size);
    if (size == 0 || size > sizeof packet || !read_all(packet, size)) return EXIT_FAILURE;
    const char *data = (const char *)packet + 1;
    size_t length = size - 1;
    switch (packet[0]) {
      case 'O':
        negotiate(packet + 1, length, wants_recipients);
        break;
      case 'L':
        note_header(&notes, data, length);
        break;
      case 'R':
        note_recipient(&notes, data, length);
        break;
      case 'E':
        add_notes(&notes, wants_recipients);
        send_packet('c', "", 0);
        forget(&notes);
        break;
      case 'A': /* the message is given up */
      case 'K': /* another session follows on this connection */
        forget(&notes);
        break;
      case 'D': /* macros */
        break;
      case 'Q':
        return EXIT_SUCCESS;
      default: /* what was not asked for is let through */
        send_packet('c', "", 0);
    }
  }
}
