// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Get many equal frames to the other end of an interface, as fast as one CPU can,
 * exactly as many as were asked for: what the other end had no room for is sent
 * again. The frames are of a protocol for experiments (EtherType
 * 0x88b5), so that no stack answers them or adds any of its own.
 *
 * Through BPF_PROG_TEST_RUN the kernel builds them itself and transmits them as
 * an XDP program with XDP_TX would: millions a second. The other end must take
 * such frames, which a veth does while a native XDP program is on it. A packet
 * socket (--socket) is slower, but reaches any interface and any size.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netpacket/packet.h>
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

#define LIVE_BATCH 256       /* what the ring of a veth takes */
#define LIVE_RUN   (1 << 16) /* frames a system call: so often can we be stopped */
#define LIVE_MAX   3000      /* frame and the kernel's own data share a page */
#define SOCKET_RUN 64        /* messages a system call */
#define SETTLED_MS 200       /* so long without a change, nothing is under way */

static struct {
	const char *ifname;
	__u32 count, size;
	bool socket;
} opts = { .count = 100000, .size = 60 };

/* The sender's counters, which tell what has become of the frames. */
struct counters {
	__u32 delivered; /* tx_packets */
	__u32 dropped;   /* tx_dropped: no room in the other end's ring */
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

/* By /proc/net/dev, which shows this process's network namespace. 0 or -errno. */
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
		if (sscanf(p + length + 1, "%*u %*u %*u %*u %*u %*u %*u %*u %*u %u %*u %u",
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
	int fd;    /* a packet socket, or the program that sends */
	__u32 run; /* frames between two looks at the counters */
};

static int load_tx_program(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_TX },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(BPF_PROG_TYPE_XDP, "flood", "GPL", insns, 2, NULL);
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
 * How many of the frames sent since before have not even left: the other end takes
 * live frames only while it has a native program. They are counted when they have
 * been received, so this waits until all are, or nothing changes any more.
 */
static int count_refused(const struct counters *before, __u32 sent, __u32 *refused)
{
	struct counters now, last = *before;

	for (int same = 0; same < SETTLED_MS;) {
		int err = get_counters(&now);

		if (err)
			return err;
		*refused = sent - (now.delivered - before->delivered) -
			   (now.dropped - before->dropped);
		if ((__s32)*refused <= 0) { /* some packets more were not ours */
			*refused = 0;
			return 0;
		}
		same = now.delivered == last.delivered && now.dropped == last.dropped ? same + 1
										      : 0;
		last = now;
		usleep(1000);
	}
	return 0;
}

static int flood(const struct sender *sender)
{
	__u32 delivered = 0, dropped = 0, refused = 0, sent = 0;
	struct counters before, now;
	int got = get_counters(&before);

	if (got)
		return got;
	while (delivered < opts.count) {
		__u32 left = opts.count - delivered;
		__u32 run = sent ? sender->run : LIVE_BATCH;

		for (__u32 goal = sent + (left < run ? left : run); sent < goal; sent += got) {
			got = sender->send(sender, goal - sent);
			if (got < 0)
				return got;
		}
		if (sender->send == send_live)
			got = count_refused(&before, sent, &refused);
		got = got < 0 ? got : get_counters(&now);
		if (got < 0)
			return got;
		dropped = now.dropped - before.dropped;
		delivered = sent - dropped - refused;
		if (!delivered && refused == sent)
			return -ENETUNREACH;
	}
	printf("%u frames of %u bytes delivered, %u more found no room\n", delivered, opts.size,
	       dropped);
	return 0;
}

static int set_size(const struct option_row *row, const char *arg, const char **why)
{
	__u32 *size = row->dest;

	*why = "bytes of a frame, from 14 to 65535";
	return parse_u32(arg, size) || *size < ETH_HLEN || *size > 65535 ? -EINVAL : 0;
}

static const struct option_row rows[] = {
	{ "dev", 'd', "IFNAME", "send out of this interface", option_ifname, &opts.ifname },
	{ "count", 'c', "N", "frames to send; default 100000", option_count, &opts.count },
	{ "size", 's', "BYTES", "of a frame, without its checksum; default 60", set_size,
	  &opts.size },
	{ "socket", 0, NULL, "send through a packet socket", option_flag, &opts.socket },
	{ "help", 'h', NULL, "show this help and exit", option_help },
	{ "version", 'V', NULL, "show the version and exit", option_version },
};

static const struct options options = {
	.program = "build/flood",
	.usage = "[OPTIONS] --dev IFNAME",
	.summary = "Get equal frames of EtherType 0x88b5 to the other end, exactly as many as "
		   "asked for.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(rows[0]),
};

int main(int argc, char **argv)
{
	static unsigned char frame[65536];
	struct ethhdr *eth = (struct ethhdr *)frame;
	struct sender sender = { .send = send_live, .frame = frame, .run = LIVE_RUN };
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
	if (!err && opts.size > mtu + ETH_HLEN)
		options_reject(&options, "frames of %u bytes do not fit the MTU of %s, %u",
			       opts.size, opts.ifname, mtu);
	memset(eth->h_dest, 0xff, ETH_ALEN);
	eth->h_proto = htons(ETHERTYPE_EXPERIMENT);

	if (opts.socket)
		sender.send = send_socket;
	sender.fd = opts.socket ? socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) : load_tx_program();
	if (!err)
		err = sender.fd < 0 ? -errno : flood(&sender);
	if (!err)
		return EXIT_SUCCESS;
	if (err != -ENETUNREACH)
		log_error("cannot send from %s: %s", opts.ifname, strerror(-err));
	else
		log_error("nothing sent from %s arrives", opts.ifname);
	if (err == -ENETUNREACH)
		log_hint("the other end needs a native XDP program; or use --socket");
	if (err == -EPERM)
		log_hint("run it as root");
	return EXIT_FAILURE;
}
