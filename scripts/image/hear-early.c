/*
 * Preloaded into what process 1 becomes (ld.so(8), LD_PRELOAD), while it has no handler of its own
 * for SIGTERM yet: the kernel would drop the signal (kill(2)), and "docker stop" would wait until it
 * may kill. A signal that was blocked until now is delivered at the end of this function.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void end(int signal_number) { _exit(128 + signal_number); }

__attribute__((constructor)) static void hear_early(void) {
  struct sigaction action = {.sa_handler = end};
  sigset_t signals;
  (void)sigemptyset(&action.sa_mask);
  (void)sigaction(SIGTERM, &action, NULL);
  (void)sigemptyset(&signals);
  (void)sigaddset(&signals, SIGTERM);
  (void)sigprocmask(SIG_UNBLOCK, &signals, NULL);
  (void)unsetenv("LD_PRELOAD");
}
