/*
 * Checks the logins of clients: a server of Dovecot's authentication protocol (version 1), as
 * Postfix's smtpd speaks it (smtpd_sasl_type = dovecot). One process for each session of smtpd,
 * started by spawn(8) with the connection as standard input and output.
 *
 *   login LOGINS MEMORY [NETWORK ...]
 *
 * LOGINS has a line for each login, in hexadecimal digits: name, salt, and the scrypt of the
 * password (RFC 7914: N 16384, r 8, p 1, 32 bytes). MEMORY is a file that remembers who failed, so
 * that guessing is slow, and stops: by address, and by name wherever it comes from. In NETWORK
 * (192.0.2.0/24) a device may log in without TLS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
  LONGEST_LINE = 1 << 15,
  LONGEST_TEXT = 4096,
  KEY_BYTES = 32,
  /* After this number of failures in this number of seconds, checks pause for as long. */
  FAILURES_OF_ADDRESS = 10,
  FAILURES_OF_NAME = 30,
  WINDOW_SECONDS = 600,
  /* A client waits longer after each failure. */
  LONGEST_PAUSE_SECONDS = 4,
  SLOTS = 4096,
  PROBES = 8
};

/* The remembered failures of addresses and names, and the logins of each address. */
enum kind { OF_ADDRESS, OF_NAME, KNOWN, KINDS };

struct slot {
  uint64_t key;
  uint32_t count;
  uint32_t since;
};

struct memory {
  struct slot slots[KINDS][SLOTS];
};

struct request {
  char id[24];
  char address[64];
  bool secured;
  bool is_login; /* the mechanism LOGIN, which asks for name and password one by one */
  char name[LONGEST_TEXT];
};

static const char *logins_file;
static struct memory *memory;
static int memory_handle;
static char **clear_networks;

/* FNV-1a, 64 bits: attackers gain nothing from a collision but a refusal of their own. */
static uint64_t key_of(const char *first, const char *second) {
  uint64_t hash = 0xcbf29ce484222325U;
  for (const char *part = first; part != NULL; part = part == first ? second : NULL) {
    for (const char *at = part; *at != 0; at++) hash = (hash ^ (unsigned char)*at) * 0x100000001b3U;
    hash = (hash ^ 0xff) * 0x100000001b3U;
  }
  return hash | 1;
}

static uint32_t now(void) { return (uint32_t)time(NULL); }

/* The slot of a key. A new key gets the oldest of its possible slots, emptied if it is wanted. */
static struct slot *slot_of(enum kind kind, uint64_t key, bool wanted) {
  struct slot *oldest = NULL;
  for (unsigned probe = 0; probe < PROBES; probe++) {
    struct slot *slot = &memory->slots[kind][(key + probe) % SLOTS];
    if (slot->key == key) return slot;
    if (oldest == NULL || slot->since < oldest->since) oldest = slot;
  }
  if (!wanted) return NULL;
  *oldest = (struct slot){.key = key};
  return oldest;
}

static uint32_t failures(enum kind kind, uint64_t key) {
  struct slot *slot = slot_of(kind, key, false);
  return slot == NULL || now() - slot->since > WINDOW_SECONDS ? 0 : slot->count;
}

static uint32_t count_failure(enum kind kind, uint64_t key) {
  struct slot *slot = slot_of(kind, key, true);
  if (now() - slot->since > WINDOW_SECONDS) slot->count = 0;
  slot->since = now();
  return ++slot->count;
}

static void open_memory(const char *path) {
  memory_handle = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (memory_handle < 0 || ftruncate(memory_handle, sizeof *memory) != 0) exit(EXIT_FAILURE);
  memory = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_SHARED, memory_handle, 0);
  if (memory == MAP_FAILED) exit(EXIT_FAILURE);
}

static int digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  return -1;
}

/* Bytes written in hexadecimal digits, up to another character; -1 when they do not fit. */
static int from_hex(const char **at, unsigned char *bytes, int room) {
  int length = 0;
  while (digit((*at)[0]) >= 0 && digit((*at)[1]) >= 0) {
    if (length == room) return -1;
    bytes[length++] = (unsigned char)(digit((*at)[0]) << 4 | digit((*at)[1]));
    *at += 2;
  }
  return length;
}

static bool derive(const char *password, const unsigned char *salt, int salt_length,
                   unsigned char key[KEY_BYTES]) {
  return EVP_PBE_scrypt(password, strlen(password), salt, (size_t)salt_length, 16384, 8, 1,
                        64 << 20, key, KEY_BYTES) == 1;
}

/* Whether name and password match a login; takes as long for an unknown name. */
static bool is_right(const char *name, const char *password) {
  FILE *file = fopen(logins_file, "re");
  if (file == NULL) return false;
  static char line[LONGEST_LINE];
  unsigned char known[LONGEST_TEXT], salt[64] = {0}, wanted[KEY_BYTES] = {0}, key[KEY_BYTES];
  int salt_length = 16;
  bool found = false;
  while (!found && fgets(line, sizeof line, file) != NULL) {
    const char *at = line;
    int length = from_hex(&at, known, sizeof known);
    if (length != (int)strlen(name) || *at++ != ' ' || memcmp(known, name, (size_t)length) != 0) {
      continue;
    }
    salt_length = from_hex(&at, salt, sizeof salt);
    found = salt_length > 0 && *at++ == ' ' && from_hex(&at, wanted, KEY_BYTES) == KEY_BYTES;
    if (!found) salt_length = 16;
  }
  fclose(file);
  bool same = derive(password, salt, salt_length, key) &&
              CRYPTO_memcmp(key, wanted, KEY_BYTES) == 0;
  return found && same;
}

/* Whether an address lies in a network, as in 192.0.2.0/24. */
static bool is_in(const char *address, const char *network) {
  char base[64];
  const char *slash = strchr(network, '/');
  if (slash == NULL || slash - network >= (long)sizeof base) return false;
  memcpy(base, network, (size_t)(slash - network));
  base[slash - network] = 0;
  unsigned char one[16], other[16];
  int family = strchr(base, ':') == NULL ? AF_INET : AF_INET6;
  if (inet_pton(family, address, one) != 1 || inet_pton(family, base, other) != 1) return false;
  int prefix = atoi(slash + 1);
  if (prefix < 0 || prefix > (family == AF_INET ? 32 : 128)) return false;
  if (memcmp(one, other, (size_t)prefix / 8) != 0) return false;
  int mask = 0xff00 >> prefix % 8 & 0xff;
  return prefix % 8 == 0 || (one[prefix / 8] & mask) == (other[prefix / 8] & mask);
}

static bool may_be_clear(const char *address) {
  for (char **network = clear_networks; *network != NULL; network++) {
    if (is_in(address, *network)) return true;
  }
  return false;
}

/* The name in an answer: what would end a field is taken out. */
static void print_name(const char *name) {
  for (; *name != 0; name++) {
    if ((unsigned char)*name >= ' ' && *name != 0x7f) putchar(*name);
  }
}

static void fail(const struct request *request, const char *reason) {
  printf("FAIL\t%s\tuser=", request->id);
  print_name(request->name);
  printf("\treason=%s\n", reason);
}

static void decide(const struct request *request, const char *password) {
  if (!request->secured && !may_be_clear(request->address)) {
    fail(request, "a login needs TLS here (submission.clear_networks)");
    return;
  }
  uint64_t address = key_of(request->address, NULL);
  uint64_t name = key_of(request->name, NULL);
  uint64_t both = key_of(request->address, request->name);
  flock(memory_handle, LOCK_EX);
  bool is_known = slot_of(KNOWN, both, false) != NULL;
  bool stopped = failures(OF_ADDRESS, address) >= FAILURES_OF_ADDRESS && !is_known;
  bool name_stopped = failures(OF_NAME, name) >= FAILURES_OF_NAME && !is_known;
  /* Who has logged in from there may go wrong as often as any address. */
  stopped = stopped || failures(OF_ADDRESS, both) >= FAILURES_OF_ADDRESS;
  flock(memory_handle, LOCK_UN);
  if (stopped || name_stopped) {
    sleep(1);
    fail(request, stopped ? "too many failed logins from this address: none is checked for 10 minutes"
                          : "too many failed logins as this user: none is checked for 10 minutes");
    return;
  }
  bool right = is_right(request->name, password);
  flock(memory_handle, LOCK_EX);
  uint32_t count = 0;
  if (right) {
    struct slot *slot = slot_of(KNOWN, both, true);
    slot->since = now();
  } else {
    count = count_failure(OF_ADDRESS, address);
    count_failure(OF_ADDRESS, both);
    count_failure(OF_NAME, name);
  }
  flock(memory_handle, LOCK_UN);
  if (right) {
    printf("OK\t%s\tuser=", request->id);
    print_name(request->name);
    putchar('\n');
    return;
  }
  sleep(count < LONGEST_PAUSE_SECONDS ? count : LONGEST_PAUSE_SECONDS);
  fail(request, "no login of that name with that password");
}

/* Decodes base64 into a text of several parts, each ended by a zero byte; -1 if it is invalid. */
static int decode(const char *base64, char *text) {
  size_t length = strlen(base64);
  if (length % 4 != 0 || length / 4 * 3 >= LONGEST_TEXT) return -1;
  int decoded = EVP_DecodeBlock((unsigned char *)text, (const unsigned char *)base64, (int)length);
  if (decoded < 0) return -1;
  for (size_t at = length; at > 0 && base64[at - 1] == '='; at--) decoded--;
  text[decoded] = 0;
  return decoded;
}

/* The next line without its end; false when there are no more. */
static bool next_line(char line[LONGEST_LINE]) {
  fflush(stdout);
  if (fgets(line, LONGEST_LINE, stdin) == NULL) return false;
  size_t length = strcspn(line, "\n");
  if (line[length] != '\n') return false;
  line[length] = 0;
  return true;
}

/* Asks for more, and reads the answer: CONT, the request's number, base64. */
static bool ask(const struct request *request, const char *challenge, char *text, int *length) {
  static char line[LONGEST_LINE];
  printf("CONT\t%s\t%s\n", request->id, challenge);
  if (!next_line(line)) return false;
  const char *field = strchr(line, '\t');
  field = field == NULL ? NULL : strchr(field + 1, '\t');
  *length = strncmp(line, "CONT\t", 5) != 0 || field == NULL ? -1 : decode(field + 1, text);
  return true;
}

/* Name and password by LOGIN; the name may have come with the command. */
static bool by_login(struct request *request, const char *response) {
  static char password[LONGEST_TEXT];
  int length = response == NULL ? 0 : decode(response, request->name);
  if (response == NULL && !ask(request, "VXNlcm5hbWU6", request->name, &length)) return false;
  if (length >= 0 && !ask(request, "UGFzc3dvcmQ6", password, &length)) return false;
  if (length < 0) fail(request, "not base64");
  else decide(request, password);
  OPENSSL_cleanse(password, sizeof password);
  return true;
}

/* PLAIN (RFC 4616): the name to act as, the name, the password. */
static bool by_plain(struct request *request, const char *response) {
  static char text[LONGEST_TEXT];
  int length = response == NULL ? 0 : decode(response, text);
  if (response == NULL && !ask(request, "", text, &length)) return false;
  const char *name = length < 0 ? NULL : memchr(text, 0, (size_t)length);
  const char *password = name == NULL ? NULL : memchr(name + 1, 0, (size_t)(text + length - name - 1));
  if (password == NULL) {
    fail(request, "not a name and a password");
  } else {
    strcpy(request->name, name + 1);
    decide(request, password + 1);
  }
  OPENSSL_cleanse(text, sizeof text);
  return true;
}

/* AUTH, a number, the mechanism, then fields; resp= is the last. */
static bool answer(char *line) {
  struct request *request = calloc(1, sizeof *request);
  if (request == NULL) return false;
  const char *response = NULL;
  int position = 0;
  for (char *field = strtok(line, "\t"); field != NULL; field = strtok(NULL, "\t"), position++) {
    if (position == 1) snprintf(request->id, sizeof request->id, "%s", field);
    if (position == 2) request->is_login = strcmp(field, "LOGIN") == 0;
    if (strncmp(field, "rip=", 4) == 0) {
      snprintf(request->address, sizeof request->address, "%s", field + 4);
    }
    if (strncmp(field, "secured", 7) == 0) request->secured = true;
    if (strncmp(field, "resp=", 5) == 0) response = field + 5;
  }
  bool goes_on = request->is_login ? by_login(request, response) : by_plain(request, response);
  free(request);
  return goes_on;
}

static void greet(void) {
  unsigned char cookie[16];
  if (RAND_bytes(cookie, sizeof cookie) != 1) exit(EXIT_FAILURE);
  printf("VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\nSPID\t%d\nCUID\t1\nCOOKIE\t",
         (int)getpid());
  for (size_t at = 0; at < sizeof cookie; at++) printf("%02x", cookie[at]);
  printf("\nDONE\n");
}

int main(int argc, char **argv) {
  static char line[LONGEST_LINE];
  if (argc < 3) return 64;
  logins_file = argv[1];
  clear_networks = argv + 3;
  open_memory(argv[2]);
  greet();
  while (next_line(line)) {
    if (strncmp(line, "AUTH\t", 5) == 0 && !answer(line)) break;
  }
  return EXIT_SUCCESS;
}
