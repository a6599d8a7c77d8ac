// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <net/if.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "clock.h"
#include "netns.h"
#include "pin.h"
#include "stats_losses.h"

#define PIN BPFFS_ROOT "/" XDP_LOSSES_DIR "/" XDP_LOSSES_MAP

#define NO_RECEIVER "no program at the other end, or it is down"

const struct loss_text loss_texts[XDP_LOSSES] = {
	[XDP_LOSS_ABORTED] = { "aborted", "XDP_ABORTED", "the kernel drops it" },
	[XDP_LOSS_UNKNOWN_ACTION] = { "unknown_action", "an unknown action",
				      "the kernel drops it" },
	[XDP_LOSS_TX_NO_RECEIVER] = { "tx_no_receiver", "XDP_TX", NO_RECEIVER },
	[XDP_LOSS_TX_FULL] = { "tx_full", "XDP_TX", "the queue was full" },
	[XDP_LOSS_TX_FAILED] = { "tx_failed", "XDP_TX", "the driver could not send it" },
	[XDP_LOSS_REDIRECT_NO_DEVICE] = { "redirect_no_device", "XDP_REDIRECT",
					  "no such interface" },
	[XDP_LOSS_REDIRECT_NO_TARGET] = { "redirect_no_target", "XDP_REDIRECT",
					  "the program named no target" },
	[XDP_LOSS_REDIRECT_DOWN] = { "redirect_down", "XDP_REDIRECT", "the target is down" },
	[XDP_LOSS_REDIRECT_TOO_LONG] = { "redirect_too_long", "XDP_REDIRECT",
					 "longer than the MTU of the target" },
	[XDP_LOSS_REDIRECT_NO_RECEIVER] = { "redirect_no_receiver", "XDP_REDIRECT", NO_RECEIVER },
	[XDP_LOSS_REDIRECT_UNSUPPORTED] = { "redirect_unsupported", "XDP_REDIRECT",
					    "the driver of the target cannot send it" },
	[XDP_LOSS_REDIRECT_FULL] = { "redirect_full", "XDP_REDIRECT",
				     "queue full, or dropped by a devmap program" },
	[XDP_LOSS_REDIRECT_FAILED] = { "redirect_failed", "XDP_REDIRECT",
				       "the target did not take it" },
};

#define LOOK_AGAIN_NS (60 * NS_PER_S) /* for a pin that was not there */

static struct {
	int fd;          /* of the map, or -1 */
	ino_t inode;     /* of its pin */
	__u64 netns;     /* of this process */
	__u64 looked_ns; /* when the pin was looked at; 0: never */
} map = { .fd = -1 };

static void close_map(void)
{
	if (map.fd >= 0)
		close(map.fd);
	map.fd = -1;
}

static void open_map(void)
{
	struct bpf_map_info info;
	const int fd = pin_open_map(PIN, &info);

	if (fd >= 0 && (info.key_size != sizeof(struct xdp_losses_key) ||
			info.value_size != sizeof(struct xdp_losses)))
		close(fd);
	else
		map.fd = fd;
	map.netns = map.netns ?: netns_id();
}

/* xdp_loader may have started or ended to count. Looks once for all interfaces of a tick. */
static void follow_pin(__u64 time_ns)
{
	struct stat st;

	if (map.looked_ns && time_ns - map.looked_ns < (map.fd < 0 ? LOOK_AGAIN_NS : NS_PER_S))
		return;
	map.looked_ns = time_ns;
	if (stat(PIN, &st))
		st.st_ino = 0;
	if (map.inode == st.st_ino)
		return;
	map.inode = st.st_ino;
	close_map();
	if (map.inode)
		open_map();
}

bool stats_losses_read(struct watch *watch, __u64 time_ns, struct xdp_losses *losses)
{
	struct xdp_losses_key key = { 0 };
	int err;

	if (!*watch->ifname)
		return false;
	follow_pin(time_ns);
	if (map.fd < 0)
		return false;
	if (!watch->ifindex)
		watch->ifindex = if_nametoindex(watch->ifname);
	key.netns = map.netns;
	key.ifindex = watch->ifindex;
	*losses = (struct xdp_losses){ 0 };
	err = bpf_map_lookup_elem(map.fd, &key, losses);
	return !err || err == -ENOENT; /* nothing was lost */
}
