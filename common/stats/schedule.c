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

void schedule_wait(struct schedule *schedule)
{
	const uint64_t interval = schedule->interval_ns, now = clock_monotonic_ns();

	if (schedule->next_ns < now) /* the process was stopped, or a report took long */
		schedule->next_ns += (now - schedule->next_ns) / interval * interval + interval;
	attached_sleep_until(schedule->next_ns);
	schedule->next_ns += interval;
}
