// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>

#include "load.h"
#include "messages_place.h"
#include "messages_share.h"
#include "shell.h"
#include "visible.h"

void message_share(struct failure *f, const struct load *load, int err)
{
	const char *from = load->opts->share_from;

	switch (err) {
	case -EINVAL:
		failure_cause(f, "it is the interface of this load");
		failure_hint(f, "to keep its own maps, use --reuse-maps");
		break;
	case -ENODATA:
		failure_cause(f, "the object has no map that is marked for that");
		failure_hint(f, "mark it in the definition of the map: __uint(pinning, "
				"LIBBPF_PIN_BY_NAME);");
		break;
	case -ENOENT:
		if (!if_nametoindex(from)) {
			message_no_interface(f, from);
			break;
		}
		failure_cause(f, "no map %s is pinned for it",
			      visible(bpf_map__name(load->map)).text);
		failure_hint(f, "load the program there first: xdp_loader --dev %s --filename %s",
			     shell_word(from).text, shell_word(load->opts->filename).text);
		break;
	default:
		failure_cause(f, "%s", strerror(-err));
	}
}
