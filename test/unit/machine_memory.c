/*
 * machine_memory.c
 *	  Limits of memory read from trees of files as Linux has them: control
 *	  groups of both versions, in and outside of containers, and nonsense.
 *
 * Each case is a tree of its own below a temporary directory.
 */
#include "pg/machine_memory.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/unit/unit.h"

#define GB ((uint64_t) 1 << 30)
#define MB ((uint64_t) 1 << 20)

static char top[] = "/tmp/nnet_machine_XXXXXX";
static char root[64];
static int trees = 0;

static void
new_tree(void)
{
	snprintf(root, sizeof(root), "%s/%d", top, trees++);
	mkdir(root, 0700);
}

/* A file of the tree, and the directories it is in. */
static void
put(const char *name, const char *text)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s%s", root, name);
	for (char *at = path + strlen(root) + 1; (at = strchr(at, '/')) != NULL; at++)
	{
		*at = '\0';
		mkdir(path, 0700);
		*at = '/';
	}
	file = fopen(path, "w");
	if (file == NULL)
	{
		CHECK(false, "%s: %s", path, strerror(errno));
		return;
	}
	fputs(text, file);
	fclose(file);
}

static void
put_machine(void)
{
	put("/proc/meminfo",
		"MemTotal:       16777216 kB\nMemFree:         1048576 kB\n"
		"MemAvailable:    8388608 kB\nSwapTotal: 1048576 kB\nSwapFree: 1048576 kB\n");
}

static void
check(const char *what, uint64_t limit, uint64_t available, bool group)
{
	NnetMachineMemory memory;

	nnet_machine_memory_read(root, &memory);
	CHECK(memory.limit == limit, "%s: limit %llu of %llu MB", what,
		  (unsigned long long) (memory.limit / MB), (unsigned long long) (limit / MB));
	CHECK(memory.available == available, "%s: available %llu of %llu MB", what,
		  (unsigned long long) (memory.available / MB), (unsigned long long) (available / MB));
	CHECK(memory.group == group, "%s: %s", what, group ? "a group's" : "the machine's");
}

static void
without_groups(void)
{
	new_tree();
	check("nothing can be read", UINT64_MAX, UINT64_MAX, false);
	put_machine();
	check("a machine without groups", 16 * GB, 9 * GB, false);
	put("/proc/self/cgroup", "");
	put("/proc/self/mountinfo", "");
	check("empty files", 16 * GB, 9 * GB, false);
	put("/proc/self/cgroup", "nonsense\n::\n0::\n4:memory\n:::::\n4:memory:/x\n");
	put("/proc/self/mountinfo", "- - -\n1 2 3 - cgroup2\n\n - cgroup x memory\n");
	check("nonsense", 16 * GB, 9 * GB, false);
}

#define V2_MOUNT "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"

static void
version_2(void)
{
	new_tree();
	put_machine();
	put("/proc/self/cgroup", "0::/system.slice/postgresql.service\n");
	put("/proc/self/mountinfo",
		"22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n" V2_MOUNT);
	put("/sys/fs/cgroup/system.slice/postgresql.service/memory.max", "max\n");
	put("/sys/fs/cgroup/system.slice/memory.max", "max\n");
	check("version 2, no limit", 16 * GB, 9 * GB, false);

	put("/sys/fs/cgroup/system.slice/postgresql.service/memory.max", "6442450944\n");
	put("/sys/fs/cgroup/system.slice/postgresql.service/memory.current", "3221225472\n");
	put("/sys/fs/cgroup/system.slice/postgresql.service/memory.stat",
		"anon 1\nfile 2147483648\ninactive_file 1073741824\nactive_file 536870912\nslab 5\n");
	check("version 2, a limit, part of it cached files", 6 * GB, 4608 * MB, true);

	put("/sys/fs/cgroup/system.slice/memory.max", "4294967296\n");
	put("/sys/fs/cgroup/system.slice/memory.current", "4194304000\n");
	check("version 2, a lower limit above", 4 * GB, 4 * GB - 4194304000ULL, true);

	put("/sys/fs/cgroup/system.slice/postgresql.service/memory.high", "2147483648\n");
	check("version 2, memory.high", 2 * GB, 4 * GB - 4194304000ULL, true);

	put("/sys/fs/cgroup/system.slice/postgresql.service/memory.max", "68719476736\n");
	put("/sys/fs/cgroup/system.slice/postgresql.service/memory.high", "max\n");
	put("/sys/fs/cgroup/system.slice/memory.max", "max\n");
	check("version 2, a limit beyond the machine", 16 * GB, 9 * GB, false);
}

static void
containers(void)
{
	new_tree();
	put_machine();
	put("/proc/self/cgroup", "0::/\n");
	put("/proc/self/mountinfo", V2_MOUNT);
	put("/sys/fs/cgroup/memory.max", "536870912\n");
	put("/sys/fs/cgroup/memory.current", "134217728\n");
	check("a container with a namespace of groups", 512 * MB, 384 * MB, true);

	new_tree();
	put_machine();
	put("/proc/self/cgroup",
		"12:cpu,cpuacct:/docker/abc\n5:memory:/docker/abc/inner\n0::/docker/abc\n");
	put("/proc/self/mountinfo",
		"40 31 0:32 /docker/abc /sys/fs/cgroup/memory ro master:14 - cgroup "
		"cgroup rw,memory\n");
	put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n");
	put("/sys/fs/cgroup/memory/memory.usage_in_bytes", "268435456\n");
	put("/sys/fs/cgroup/memory/inner/memory.limit_in_bytes", "9223372036854771712\n");
	check("version 1, of which a container sees its own part", 1 * GB, 768 * MB, true);

	put("/proc/self/cgroup", "5:memory:/elsewhere\n");
	check("version 1, a group that is not mounted: the top counts", 1 * GB, 768 * MB, true);
	put("/proc/self/cgroup", "5:memory:/docker/abc/../../x\n");
	check("version 1, a group above what is mounted", 1 * GB, 768 * MB, true);
}

static void
version_1(void)
{
	new_tree();
	put_machine();
	put("/proc/self/cgroup", "9:name=systemd:/\n4:hugetlb,memory:/a b/c\n3:cpuset:/memory\n0::/\n");
	put("/proc/self/mountinfo",
		"33 31 0:28 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
		"35 31 0:32 / /sys/fs/cgroup/my\\040memory rw,relatime - cgroup cgroup rw,hugetlb,memory\n"
		"41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n");
	put("/sys/fs/cgroup/my memory/a b/c/memory.limit_in_bytes", "9223372036854771712\n");
	put("/sys/fs/cgroup/my memory/a b/memory.limit_in_bytes", "3221225472\n");
	put("/sys/fs/cgroup/my memory/a b/memory.usage_in_bytes", "2147483648\n");
	put("/sys/fs/cgroup/my memory/a b/memory.stat",
		"inactive_file 5\ntotal_inactive_file 104857600\ntotal_active_file 104857600\n");
	put("/sys/fs/cgroup/my memory/memory.limit_in_bytes", "9223372036854771712\n");
	check("version 1, a limit above, blanks in names", 3 * GB, 1 * GB + 200 * MB, true);

	put("/sys/fs/cgroup/my memory/a b/c/memory.stat", "hierarchical_memory_limit 1073741824\n");
	put("/sys/fs/cgroup/my memory/a b/c/memory.usage_in_bytes", "1048576000\n");
	check("version 1, a limit that only the statistics know", 1 * GB, 1 * GB - 1048576000, true);
}

static void
check_promisable(const char *what, uint64_t promisable)
{
	NnetMachineMemory memory;

	nnet_machine_memory_read(root, &memory);
	CHECK(memory.promisable == promisable, "%s: promisable %llu of %llu MB", what,
		  (unsigned long long) (memory.promisable / MB), (unsigned long long) (promisable / MB));
}

static void
overcommit(void)
{
	new_tree();
	check_promisable("nothing can be read", UINT64_MAX);
	put("/proc/meminfo", "CommitLimit: 4194304 kB\nCommitted_AS: 3145728 kB\n");
	check_promisable("no mode", UINT64_MAX);
	put("/proc/sys/vm/overcommit_memory", "0\n");
	check_promisable("by guess", UINT64_MAX);
	put("/proc/sys/vm/overcommit_memory", "x\n");
	check_promisable("nonsense", UINT64_MAX);
	put("/proc/sys/vm/overcommit_memory", "2\n");
	check_promisable("strict", 1 * GB);
	put("/proc/meminfo", "CommitLimit: 3145728 kB\nCommitted_AS: 4194304 kB\n");
	check_promisable("strict, more is promised than there is", 0);
}

static void
address_space(void)
{
	struct rlimit before;
	struct rlimit limited;
	uint64_t left;

	getrlimit(RLIMIT_AS, &before);
	limited = before;
	limited.rlim_cur = (rlim_t) 1 << 45;
	setrlimit(RLIMIT_AS, &limited);
	left = nnet_address_space_left();
	CHECK(left < (uint64_t) 1 << 45, "a limited address space: less than the limit is left");
	setrlimit(RLIMIT_AS, &before);
	CHECK(before.rlim_cur != RLIM_INFINITY || nnet_address_space_left() > left,
		  "without the limit there is more");
}

static int
remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void) status;
	(void) type;
	(void) ftw;
	return remove(path);
}

int
main(void)
{
	if (mkdtemp(top) == NULL)
	{
		CHECK(false, "a temporary directory: %s", strerror(errno));
		return unit_done();
	}
	without_groups();
	version_2();
	containers();
	version_1();
	overcommit();
	address_space();
	nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return unit_done();
}
