// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "attached.h"
#include "terminal.h"

#define ALTERNATE "\033[?1049h"
/* No cursor; a line that is too long does not go on in the next one. */
#define MODES "\033[?25l\033[?7l"
/* Where there is no alternate screen, the only one is cleared. */
#define END TERMINAL_HOME TERMINAL_CLEAR_REST "\033[?7h\033[?25h\033[?1049l"

static struct {
	bool is_on, has_keys; /* has_keys: stdin is a terminal, and modes are its */
	struct termios modes;
	sigset_t ends;           /* the signals that end the process */
	int wake[ATTACHED_WAKE]; /* keys, and signals that change the screen */
} terminal;

bool terminal_is_screen(void)
{
	const char *term = getenv("TERM");

	return term && *term && strcmp(term, "dumb") && isatty(STDOUT_FILENO);
}

/* Comes only from inside of a system call that waits, so that exit() may do anything. */
static void end_at(int number)
{
	static bool is_ending;

	(void)number;
	if (is_ending)
		_exit(EXIT_SUCCESS);
	is_ending = true;
	alarm(3); /* for a terminal that takes nothing any more */
	exit(EXIT_SUCCESS);
}

/* What was ignored when we started stays ignored. */
static void hold(sigset_t *set, int number)
{
	struct sigaction action;

	if (!sigaction(number, NULL, &action) && action.sa_handler != SIG_IGN)
		sigaddset(set, number);
}

static void hold_signals(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action = { .sa_handler = end_at };
	sigset_t set;

	sigemptyset(&terminal.ends);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		hold(&terminal.ends, ends[i]);
	sigprocmask(SIG_BLOCK, &terminal.ends, NULL);
	action.sa_mask = terminal.ends;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (sigismember(&terminal.ends, ends[i]))
			sigaction(ends[i], &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGCONT);
	hold(&set, SIGTSTP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	terminal.wake[1] = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void let_signals_in(bool in)
{
	sigprocmask(in ? SIG_UNBLOCK : SIG_BLOCK, &terminal.ends, NULL);
}

/* No signal may come between what is written and what is noted. */
static void say(const char *text)
{
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		return; /* it has gone; the next frame finds that out */
}

/* A process in the background stops here until it is in the foreground. */
static void set_modes(void)
{
	struct termios modes = terminal.modes;

	modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	modes.c_cc[VMIN] = 1;
	modes.c_cc[VTIME] = 0;
	if (terminal.has_keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

static void take(void)
{
	terminal.has_keys = !tcgetattr(STDIN_FILENO, &terminal.modes);
	terminal.wake[0] = terminal.has_keys ? STDIN_FILENO : -1;
	set_modes();
	say(ALTERNATE MODES);
	terminal.is_on = true;
}

void terminal_begin(void)
{
	hold_signals();
	take();
}

void terminal_end(void)
{
	if (!terminal.is_on)
		return;
	terminal.is_on = false;
	if (terminal.has_keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &terminal.modes);
	say(END);
}

void terminal_size(int *rows, int *columns)
{
	struct winsize size = { 0 };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	*rows = size.ws_row ?: 24; /* a serial line does not know */
	*columns = size.ws_col ?: 80;
}

int terminal_write(int fd, const char *text, size_t length)
{
	ssize_t written = 0;

	let_signals_in(true);
	while (length && written >= 0) {
		written = write(fd, text, length);
		if (written < 0 && errno == EINTR)
			written = 0;
		if (written > 0) {
			text += written;
			length -= written;
		}
	}
	written = written < 0 ? -errno : 0;
	let_signals_in(false);
	return (int)written;
}

/* Stop as a process does that knows nothing of this signal. */
static void stop(void)
{
	sigset_t set;

	terminal_end();
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, NULL); /* and here it goes on */
	sigprocmask(SIG_BLOCK, &set, NULL);
	take();
}

static void take_signals(void)
{
	struct signalfd_siginfo info;

	while (read(terminal.wake[1], &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGTSTP)
			stop();
		if (info.ssi_signo != SIGCONT)
			continue;
		set_modes(); /* a shell may have changed them */
		say(MODES);
	}
}

static void take_keys(void)
{
	char keys[64];
	const ssize_t count = read(STDIN_FILENO, keys, sizeof(keys));

	if (count <= 0)
		terminal.wake[0] = -1; /* nobody is there any more */
	else if (memchr(keys, 'q', count))
		exit(EXIT_SUCCESS);
}

bool terminal_wait(uint64_t deadline_ns)
{
	int woken;

	let_signals_in(true);
	woken = attached_sleep_until(deadline_ns, terminal.wake);
	let_signals_in(false);
	if (woken == STDIN_FILENO)
		take_keys();
	else if (woken >= 0)
		take_signals();
	return woken >= 0;
}
