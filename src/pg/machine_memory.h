/*
 * machine_memory.h
 *	  How much memory the machine and its control groups leave to this process.
 *
 * Plain C: a unit test gives it trees of files made up.
 */
#ifndef NNET_MACHINE_MEMORY_H
#define NNET_MACHINE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

typedef struct NnetMachineMemory
{
	uint64_t limit; /* bytes: the least of the machine's memory and the groups' limits */
	uint64_t
		available; /* bytes that can be had now, where least are: what is cached of files counts */
	uint64_t promisable; /* bytes that may still be mapped under strict overcommit, or UINT64_MAX */
	bool group;			 /* the limit is a control group's */
} NnetMachineMemory;

/*
 * Read what is below root ("" is the machine itself): /proc/meminfo,
 * /proc/self/cgroup, /proc/self/mountinfo and the files of the groups that
 * these name.  What cannot be read is no limit; UINT64_MAX: nothing could.
 */
extern void nnet_machine_memory_read(const char *root, NnetMachineMemory *memory);

/*
 * Bytes of address space that this process may still map: by RLIMIT_AS and
 * RLIMIT_DATA.  UINT64_MAX: no such limit.
 */
extern uint64_t nnet_address_space_left(void);

#endif /* NNET_MACHINE_MEMORY_H */
