// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "netdev_features.h"

/* From <linux/netdev.h>. */
#define FAMILY                "netdev"
#define CMD_DEV_GET           1
#define A_DEV_IFINDEX         1
#define A_DEV_XDP_FEATURES    3
#define A_DEV_XDP_RX_METADATA 5

#define ANSWER_SIZE 8192 /* bytes: more than any of the two answers */

static const char *const xdp_names[] = { "basic",      "redirect", "xmit",       "zero-copy",
					 "hw-offload", "frags",    "xmit-frags", NULL };
static const char *const metadata_names[] = { "timestamp", "hash", "vlan-tag", NULL };

struct question {
	struct nlmsghdr header;
	struct genlmsghdr genl;
	struct nlattr attribute;
	char value[16];
};

union answer {
	struct nlmsghdr header;
	char bytes[ANSWER_SIZE];
};

/* Send a question with one attribute. Returns whether *answer has an answer to it. */
static bool ask(int fd, struct question *question, const void *value, size_t size,
		union answer *answer)
{
	ssize_t length;

	question->header.nlmsg_len = offsetof(struct question, value) + NLA_ALIGN(size);
	question->header.nlmsg_flags = NLM_F_REQUEST;
	question->genl.version = 1;
	question->attribute.nla_len = NLA_HDRLEN + size;
	memcpy(question->value, value, size);
	if (send(fd, question, question->header.nlmsg_len, 0) < 0)
		return false;
	length = recv(fd, answer, sizeof(*answer), 0);
	return length > 0 && NLMSG_OK(&answer->header, (size_t)length) &&
	       answer->header.nlmsg_type == question->header.nlmsg_type &&
	       answer->header.nlmsg_len >= NLMSG_LENGTH(GENL_HDRLEN);
}

/* Copy the value of an attribute of size bytes. Returns false if there is none. */
static bool attribute_of(const union answer *answer, int type, void *value, size_t size)
{
	size_t at = NLMSG_LENGTH(GENL_HDRLEN);
	struct nlattr attribute;

	while (at + NLA_HDRLEN <= answer->header.nlmsg_len) {
		memcpy(&attribute, answer->bytes + at, sizeof(attribute));
		if (attribute.nla_len < NLA_HDRLEN ||
		    attribute.nla_len > answer->header.nlmsg_len - at)
			return false;
		if ((attribute.nla_type & NLA_TYPE_MASK) == type &&
		    attribute.nla_len == NLA_HDRLEN + size) {
			memcpy(value, answer->bytes + at + NLA_HDRLEN, size);
			return true;
		}
		at += NLA_ALIGN(attribute.nla_len);
	}
	return false;
}

/* Returns the message type of the family, or 0 if the kernel does not have it. */
static __u16 find_family(int fd, union answer *answer)
{
	struct question question = {
		.header.nlmsg_type = GENL_ID_CTRL,
		.genl.cmd = CTRL_CMD_GETFAMILY,
		.attribute.nla_type = CTRL_ATTR_FAMILY_NAME,
	};
	__u16 id = 0;

	if (ask(fd, &question, FAMILY, sizeof(FAMILY), answer))
		attribute_of(answer, CTRL_ATTR_FAMILY_ID, &id, sizeof(id));
	return id;
}

void netdev_features_read(int ifindex, struct netdev_features *features)
{
	struct question question = {
		.genl.cmd = CMD_DEV_GET,
		.attribute.nla_type = A_DEV_IFINDEX,
	};
	const __u32 index = ifindex;
	union answer answer;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	*features = (struct netdev_features){ 0 };
	if (fd < 0)
		return;
	question.header.nlmsg_type = find_family(fd, &answer);
	if (question.header.nlmsg_type && ask(fd, &question, &index, sizeof(index), &answer)) {
		features->is_known = attribute_of(&answer, A_DEV_XDP_FEATURES, &features->xdp,
						  sizeof(features->xdp));
		features->is_metadata_known =
			attribute_of(&answer, A_DEV_XDP_RX_METADATA, &features->metadata,
				     sizeof(features->metadata));
	}
	close(fd);
}

bool netdev_lacks_native(const struct netdev_features *features)
{
	return features->is_known && !(features->xdp & DRIVER_HAS_BASIC);
}

static void add_names(struct text *text, const char *const names[], __u64 bits)
{
	const char *separator = "";

	for (int i = 0; names[i]; i++) {
		if (!(bits >> i & 1))
			continue;
		text_add(text, "%s%s", separator, names[i]);
		separator = ", ";
	}
}

void netdev_features_describe(const struct netdev_features *features, struct text *text)
{
	if (!features->is_known) {
		text_add(text, "unknown");
		return;
	}
	if (!features->xdp)
		text_add(text, "none");
	add_names(text, xdp_names, features->xdp);
	if (!features->metadata)
		return;
	text_add(text, "; metadata: ");
	add_names(text, metadata_names, features->metadata);
}

static void print_list(const char *const names[], __u64 bits)
{
	const char *separator = "";

	putchar('[');
	for (int i = 0; names[i]; i++) {
		if (!(bits >> i & 1))
			continue;
		printf("%s\"%s\"", separator, names[i]);
		separator = ",";
	}
	putchar(']');
}

void netdev_features_json(const struct netdev_features *features)
{
	if (!features->is_known) {
		fputs("null", stdout);
		return;
	}
	fputs("{\"xdp\":", stdout);
	print_list(xdp_names, features->xdp);
	fputs(",\"metadata\":", stdout);
	if (features->is_metadata_known)
		print_list(metadata_names, features->metadata);
	else
		fputs("null", stdout);
	putchar('}');
}
