// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "attached.h"
#include "clock.h"
#include "schedule.h"

struct schedule schedule_start(uint64_t interval_ns, uint64_t first_ns)
{
	return (struct schedule){
		.interval_ns = interval_ns,
		.next_ns = clock_monotonic_ns() + (interval_ns < first_ns ? interval_ns : first_ns),
	};
}

uint64_t schedule_next(struct schedule *schedule)
{
	const uint64_t interval = schedule->interval_ns, now = clock_monotonic_ns();
	uint64_t next_ns;

	if (schedule->next_ns < now) /* the process was stopped, or a report took long */
		schedule->next_ns += (now - schedule->next_ns) / interval * interval + interval;
	next_ns = schedule->next_ns;
	schedule->next_ns += interval;
	return next_ns;
}

void schedule_wait(struct schedule *schedule)
{
	attached_sleep_until(schedule_next(schedule), NULL);
}
