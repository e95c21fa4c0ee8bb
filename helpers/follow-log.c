/*
 * Follows the log of a running Postfix, in front of postlogd(8), while a user watches.
 *
 *   follow-log SOCKET POSTLOG
 *
 * Takes the datagrams that Postfix's programs send to SOCKET (postlog_service_name in postconf(5)),
 * hands each on to POSTLOG as it is, and writes a copy on standard output, a line each. The log
 * matters more than the copy: without a reader the copy is dropped.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
  LONGEST_LINE = 1 << 16,
  /* postlogd is away for a moment when Postfix is reloaded. */
  ATTEMPTS = 50,
  PAUSE_NANOSECONDS = 20000000
};

static int address_of(const char *path, struct sockaddr_un *address) {
  *address = (struct sockaddr_un){.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address->sun_path) return -1;
  strcpy(address->sun_path, path);
  return 0;
}

static void hand_on(int handle, const struct sockaddr_un *to, const char *line, size_t length) {
  for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (sendto(handle, line, length, 0, (const struct sockaddr *)to, sizeof *to) >= 0) return;
    nanosleep(&(struct timespec){.tv_nsec = PAUSE_NANOSECONDS}, NULL);
  }
}

int main(int argc, char **argv) {
  static char line[LONGEST_LINE + 1];
  struct sockaddr_un own, postlog;
  if (argc != 3 || address_of(argv[1], &own) < 0 || address_of(argv[2], &postlog) < 0) return 64;
  signal(SIGPIPE, SIG_IGN);
  int handle = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  /* The socket of a killed follower has no listener. */
  if (connect(handle, (const struct sockaddr *)&own, sizeof own) == 0) return 73;
  unlink(argv[1]);
  if (handle < 0 || bind(handle, (const struct sockaddr *)&own, sizeof own) < 0 ||
      chmod(argv[1], 0666) < 0) {
    perror(argv[1]);
    return 71;
  }
  int flags = fcntl(STDOUT_FILENO, F_GETFL);
  if (flags >= 0) fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK);
  /* Says that it is there: an empty line. */
  if (write(STDOUT_FILENO, "\n", 1) < 0) return 74;
  for (;;) {
    ssize_t length = recv(handle, line, LONGEST_LINE, 0);
    if (length < 0 && errno != EINTR) return 71;
    if (length <= 0) continue;
    hand_on(handle, &postlog, line, (size_t)length);
    if (line[length - 1] != '\n') line[length++] = '\n';
    if (write(STDOUT_FILENO, line, (size_t)length) < 0) continue;
  }
}
