// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cpus.h"
#include "map_shape.h"
#include "records.h"

/* No counter gets there: that takes 3000 years at 100 million packets a second. */
static const struct datarec mark = { 0xa5c35a3cc3a53c5a, 0x3c5ac3a55a3ca5c3 };

static bool is_mark(const struct datarec *record)
{
	return !memcmp(record, &mark, sizeof(mark));
}

int records_alloc(struct records *records)
{
	int limit = cpus_limit(), cpus = cpus_possible();

	if (limit < 0)
		return limit;
	/* one more for the mark behind the last */
	records->record = calloc(XDP_ACTION_MAX * (size_t)limit + 1, sizeof(*records->record));
	records->limit = limit;
	records->cpus = cpus > 0 && cpus <= limit ? cpus : 0;
	return records->record ? 0 : -ENOMEM;
}

void records_free(struct records *records)
{
	free(records->record);
	*records = (struct records){ 0 };
}

void records_mark(struct records *records, size_t cpus)
{
	struct datarec *end = records->record + XDP_ACTION_MAX * cpus;

	*end = mark;
	if (cpus)
		end[-1] = mark;
}

bool records_fit(const struct records *records, size_t cpus)
{
	const struct datarec *end = records->record + XDP_ACTION_MAX * cpus;

	return cpus && is_mark(end) && !is_mark(end - 1);
}

void records_mark_all(struct records *records)
{
	for (size_t i = 0; i <= XDP_ACTION_MAX * records->limit; i++)
		records->record[i] = mark;
}

size_t records_written(const struct records *records)
{
	size_t count = XDP_ACTION_MAX * records->limit;

	while (count && is_mark(&records->record[count - 1]))
		count--;
	return count;
}

const struct datarec *records_of(const struct records *records, int action, size_t cpu)
{
	return &records->record[action * records->cpus + cpu];
}

void records_sum(const struct records *records, size_t cpus, struct datarec sum[XDP_ACTION_MAX])
{
	const struct datarec *record = records->record;

	memset(sum, 0, XDP_ACTION_MAX * sizeof(*sum));
	for (int action = 0; action < XDP_ACTION_MAX; action++) {
		for (size_t cpu = 0; cpu < cpus; cpu++, record++) {
			sum[action].rx_packets += record->rx_packets;
			sum[action].rx_bytes += record->rx_bytes;
		}
	}
}
