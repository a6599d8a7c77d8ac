// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Send many equal frames to the other end of an interface, as fast as one CPU can,
 * and exactly as many as requested: a frame that is dropped because the queue of the
 * other end is full is sent again. The frames have an EtherType for experiments
 * (0x88b5), so no network stack answers them.
 *
 * With BPF_PROG_TEST_RUN ("live frames", Linux 5.18) the kernel builds the frames and
 * transmits them like the XDP action XDP_TX: millions a second. The other end must
 * accept such frames; a veth does so while it has a native XDP program. A packet
 * socket (--socket) is slower, but works with any interface and any size, and is used
 * automatically where the kernel has no live frames.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/if_ether.h>

#include "log.h"
#include "interface.h"
#include "options.h"
#include "parse.h"

#define ETHERTYPE_EXPERIMENT 0x88b5 /* IEEE Std 802 - Local Experimental Ethertype 1 */

#define LIVE_BATCH     256       /* the size of the ring of a veth */
#define INTERRUPTED_US 10000     /* until the frames of an interrupted run have arrived */
#define LIVE_RUN       (1 << 16) /* frames per system call; it can be interrupted after each */
#define LIVE_MAX       3000      /* the frame and data of the kernel share a page */
#define SOCKET_RUN     64        /* messages per system call */
#define LOST_RUNS      10        /* so many lost runs in succession end the program */
#define IDLE_POLLS     1000      /* after so many polls without a change nothing is in flight */

static struct {
	const char *ifname;
	__u32 count, size;
	bool socket;
} opts = { .count = 100000, .size = 60 };

/* The counters of the sending interface. */
struct counters {
	unsigned long long delivered; /* tx_packets: what a native program has processed */
	unsigned long long dropped;   /* tx_dropped: the ring of the other end was full */
};

static int ask_interface(unsigned char mac[ETH_ALEN], __u32 *mtu)
{
	struct ifreq hardware = { 0 }, size = { 0 };
	int fd, err;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	snprintf(hardware.ifr_name, sizeof(hardware.ifr_name), "%s", opts.ifname);
	snprintf(size.ifr_name, sizeof(size.ifr_name), "%s", opts.ifname);
	err = ioctl(fd, SIOCGIFHWADDR, &hardware) || ioctl(fd, SIOCGIFMTU, &size) ? -errno : 0;
	close(fd);
	memcpy(mac, hardware.ifr_hwaddr.sa_data, ETH_ALEN);
	*mtu = size.ifr_mtu;
	return err;
}

/* /sys would show another network namespace; /proc/net/dev does not. 0 or -errno. */
static int get_counters(struct counters *counters)
{
	size_t length = strlen(opts.ifname);
	char line[512], *p;
	int err = -ENODEV;
	FILE *file;

	file = fopen("/proc/net/dev", "re");
	if (!file)
		return -errno;
	while (err && fgets(line, sizeof(line), file)) {
		p = line + strspn(line, " ");
		if (strncmp(p, opts.ifname, length) || p[length] != ':')
			continue;
		/* eight fields received; sent: bytes, packets, errors, dropped */
		if (sscanf(p + length + 1, "%*u %*u %*u %*u %*u %*u %*u %*u %*u %llu %*u %llu",
			   &counters->delivered, &counters->dropped) == 2)
			err = 0;
	}
	fclose(file);
	return err;
}

struct sender {
	int (*send)(const struct sender *sender, __u32 count);
	int ifindex;
	void *frame;
	int fd; /* a packet socket, or the program that sends */
};

/* A program that only returns an action. Returns a descriptor or -errno. */
static int load_program(enum xdp_action action)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = action },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(BPF_PROG_TYPE_XDP, "flood", "GPL", insns, 2, NULL);
}

/*
 * Older kernels reject the flag with EINVAL, or ignore it (5.10) and reject the context.
 * The program drops its one frame, so nothing is sent. Other errors are reported by the
 * first attempt to send.
 */
static bool has_live_frames(const struct sender *sender)
{
	unsigned char frame[ETH_ZLEN] = { 0 };
	struct xdp_md ctx = { .data_end = sizeof(frame), .ingress_ifindex = sender->ifindex };
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame, .data_size_in = sizeof(frame),
		    .ctx_in = &ctx, .ctx_size_in = sizeof(ctx), .repeat = 1,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES);
	int fd = load_program(XDP_DROP), err;

	if (fd < 0)
		return true;
	err = bpf_prog_test_run_opts(fd, &run);
	close(fd);
	return err != -EINVAL;
}

/* Returns how many frames were sent, count at most, or -errno. */
static int send_live(const struct sender *sender, __u32 count)
{
	struct xdp_md ctx = { .data_end = opts.size, .ingress_ifindex = sender->ifindex };
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = sender->frame, .data_size_in = opts.size,
		    .ctx_in = &ctx, .ctx_size_in = sizeof(ctx), .repeat = count,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = LIVE_BATCH);
	int err = bpf_prog_test_run_opts(sender->fd, &run);

	return err ?: (int)count;
}

static int send_socket(const struct sender *sender, __u32 count)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = sender->ifindex };
	struct iovec iov = { .iov_base = sender->frame, .iov_len = opts.size };
	struct mmsghdr messages[SOCKET_RUN] = { 0 };
	int sent;

	for (int i = 0; i < SOCKET_RUN; i++)
		messages[i].msg_hdr = (struct msghdr){
			.msg_name = &to,
			.msg_namelen = sizeof(to),
			.msg_iov = &iov,
			.msg_iovlen = 1,
		};
	sent = sendmmsg(sender->fd, messages, count < SOCKET_RUN ? count : SOCKET_RUN, 0);
	if (sent >= 0)
		return sent;
	return errno == ENOBUFS || errno == EINTR ? 0 : -errno;
}

/*
 * The queue of the other end is processed on the CPU that filled it. On the same CPU,
 * each poll of wait_until_counted() leaves CPU time for that work, at any speed.
 */
static void stay_on_this_cpu(void)
{
	int cpu = sched_getcpu();
	cpu_set_t set;

	if (cpu < 0 || cpu >= CPU_SETSIZE)
		return;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/*
 * Wait until all frames sent since before are delivered or dropped. *missing is how
 * many are neither when the counters no longer change: the kernel discards live frames
 * without counting them while the other end has no native program.
 */
static int wait_until_counted(const struct counters *before, __u64 sent, struct counters *now,
			      __u64 *missing)
{
	struct counters last = *before;

	for (int idle = 0; idle < IDLE_POLLS; idle++) {
		int err = get_counters(now);
		__u64 counted = now->delivered - before->delivered + now->dropped - before->dropped;

		if (err)
			return err;
		*missing = counted < sent ? sent - counted : 0; /* others may send, too */
		if (!*missing)
			return 0;
		if (now->delivered != last.delivered || now->dropped != last.dropped)
			idle = 0;
		last = *now;
		usleep(1000);
	}
	return 0;
}

static volatile sig_atomic_t is_interrupted;

static void interrupt(int signal)
{
	(void)signal;
	is_interrupted = 1;
}

static int send_all(const struct sender *sender, __u64 count)
{
	while (count) {
		int sent = sender->send(sender, count < LIVE_RUN ? count : LIVE_RUN);

		if (sent < 0)
			return sent;
		count -= sent;
	}
	return 0;
}

static int flood(const struct sender *sender)
{
	__u64 delivered = 0, dropped = 0, sent = 0, missing = 0, last_missing, run;
	struct counters before, now;
	int lost_runs = LOST_RUNS - 1; /* the first run is a test */
	int err = get_counters(&before);

	while (!err && delivered < opts.count) {
		run = sent ? LIVE_RUN : LIVE_BATCH;
		if (run > opts.count - delivered)
			run = opts.count - delivered;
		err = send_all(sender, run);
		if (is_interrupted)
			break;
		if (err)
			return err;
		sent += run;
		last_missing = missing;
		err = wait_until_counted(&before, sent, &now, &missing);
		if (sender->send == send_socket) /* some drivers count later */
			missing = 0;
		/* a few packets of others do not make a lost run a success */
		lost_runs = missing > last_missing + run / 2 ? lost_runs + 1 : 0;
		if (lost_runs == LOST_RUNS)
			return -ENETUNREACH;
		dropped = now.dropped - before.dropped;
		delivered = sent - dropped - missing;
	}
	if (is_interrupted) { /* in the middle of a run */
		usleep(INTERRUPTED_US);
		err = get_counters(&now);
		delivered = now.delivered - before.delivered;
		dropped = now.dropped - before.dropped;
	}
	if (err)
		return err;
	printf("%llu frames of %u bytes delivered, %llu more found no room\n",
	       (unsigned long long)delivered, opts.size, (unsigned long long)dropped);
	return is_interrupted ? -EINTR : 0;
}

static int set_size(const struct option_row *row, const char *arg, const char **why)
{
	__u32 *size = row->dest;

	*why = "the bytes of a frame, from 14 to 65535";
	return parse_u32(arg, size) || *size < ETH_HLEN || *size > 65535 ? -EINVAL : 0;
}

static const struct option_row rows[] = {
	{ "dev", 'd', "IFNAME", "send out of this interface", option_ifname, &opts.ifname },
	{ "count", 'c', "N", "frames to send; default 100000", option_count, &opts.count },
	{ "size", 's', "BYTES", "size of a frame, without its checksum; default 60", set_size,
	  &opts.size },
	{ "socket", 0, NULL, "send through a packet socket", option_flag, &opts.socket },
	{ "help", 'h', NULL, "show this help and exit", option_help },
	{ "version", 'V', NULL, "show the version and exit", option_version },
};

static const struct options options = {
	.program = "build/flood",
	.usage = "[OPTIONS] --dev IFNAME",
	.summary = "Send equal frames of EtherType 0x88b5 to the other end, exactly as many as "
		   "requested.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(rows[0]),
};

static int open_sender(struct sender *sender)
{
	if (!opts.socket && !has_live_frames(sender)) {
		log_info("this kernel has no live frames (Linux 5.18): sending through a packet "
			 "socket, as with --socket");
		opts.socket = true;
	}
	sender->send = opts.socket ? send_socket : send_live;
	sender->fd =
		opts.socket ? socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) : load_program(XDP_TX);
	return sender->fd < 0 ? -errno : 0;
}

static int fail(int err)
{
	if (err == -EINTR)
		return 128 + SIGINT;
	if (err == -ENETUNREACH)
		log_error("the other end of %s received nothing", opts.ifname);
	else
		log_error("cannot send from %s: %s", opts.ifname, strerror(-err));
	if (err == -ENETUNREACH)
		log_hint("the other end needs a native XDP program; or use --socket");
	if (err == -EPERM)
		log_hint("run as root");
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	static unsigned char frame[65536];
	struct ethhdr *eth = (struct ethhdr *)frame;
	struct sender sender = { .frame = frame };
	__u32 mtu = 0;
	int err;

	log_init("flood", LOG_NORMAL);
	options_parse(&options, argc, argv);
	if (!opts.ifname)
		options_reject(&options, "name the interface with --dev");
	if (!opts.socket && opts.size > LIVE_MAX)
		options_reject(&options, "frames above %d bytes need --socket", LIVE_MAX);
	sender.ifindex = if_nametoindex(opts.ifname);
	err = sender.ifindex ? ask_interface(eth->h_source, &mtu) : -errno;
	if (err)
		return fail(err);
	if (opts.size > mtu + ETH_HLEN)
		options_reject(&options, "frames of %u bytes do not fit the MTU of %s, %u",
			       opts.size, opts.ifname, mtu);
	memset(eth->h_dest, 0xff, ETH_ALEN);
	eth->h_proto = htons(ETHERTYPE_EXPERIMENT);

	signal(SIGINT, interrupt); /* the run that has begun ends, so that its frames are counted */
	stay_on_this_cpu();
	err = open_sender(&sender);
	if (!err)
		err = flood(&sender);
	return err ? fail(err) : EXIT_SUCCESS;
}
