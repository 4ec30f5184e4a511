/*
 * machine_memory.c
 *	  How much memory the machine and its control groups leave to this process.
 *
 * A process is in one group of each hierarchy of cgroups: of version 1, one
 * for memory; of version 2, one for all.  /proc/self/cgroup names the groups;
 * /proc/self/mountinfo tells where a hierarchy is mounted, and, as a container
 * sees no more than a part of it, which.  Limits of all groups above count as
 * well, as far up as can be seen.
 *
 * Beyond memory.max a process is killed; beyond memory.high it is slowed down
 * until it hardly goes on: both are limits here.
 */
#include "pg/machine_memory.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define LINE_BYTES 8192

/* A group to be read: where its hierarchy is mounted, and its place below that. */
typedef struct Group
{
	const char *root;
	int version;
	char mount[PATH_BYTES];
	char below[PATH_BYTES]; /* "" or "/a/b" */
} Group;

/* ---- files ---- */

static FILE *
open_file(const char *root, const char *a, const char *b, const char *name)
{
	char path[2 * PATH_BYTES + 256];
	int length = snprintf(path, sizeof(path), "%s%s%s/%s", root, a, b, name);

	return length > 0 && (size_t) length < sizeof(path) ? fopen(path, "r") : NULL;
}

/* The next line without its end; what is too long for it is left out.  False at the end. */
static bool
next_line(FILE *file, char *line, size_t size)
{
	size_t length;
	int c;

	if (fgets(line, (int) size, file) == NULL)
		return false;
	length = strlen(line);
	if (length > 0 && line[length - 1] == '\n')
		line[length - 1] = '\0';
	else
		while ((c = fgetc(file)) != '\n' && c != EOF)
			;
	return true;
}

/* A number alone in a file; UINT64_MAX for "max" and for what is not there. */
static uint64_t
read_number(const Group *group, const char *name)
{
	FILE *file = open_file(group->root, group->mount, group->below, name);
	unsigned long long number;
	int read;

	if (file == NULL)
		return UINT64_MAX;
	read = fscanf(file, "%llu", &number);
	fclose(file);
	return read == 1 ? number : UINT64_MAX;
}

/* The sum of the lines "key number" of a file that have one of the two keys. */
static uint64_t
read_keys(FILE *file, const char *a, const char *b, uint64_t unit)
{
	char line[LINE_BYTES];
	uint64_t sum = 0;

	while (file != NULL && next_line(file, line, sizeof(line)))
	{
		char key[64];
		unsigned long long number;

		if (sscanf(line, "%63s %llu", key, &number) == 2 &&
			(strcmp(key, a) == 0 || strcmp(key, b) == 0))
			sum += number * unit;
	}
	if (file != NULL)
		fclose(file);
	return sum;
}

/* ---- a group and those above ---- */

static void
take_limit(NnetMachineMemory *memory, const Group *group, const char *limit_name,
		   const char *usage_name, bool first)
{
	bool total = group->version == 1; /* with the groups below */
	uint64_t limit = read_number(group, limit_name);
	uint64_t usage;
	uint64_t cached;

	/* of version 1: what groups that cannot be seen allow */
	if (total && first)
	{
		uint64_t above =
			read_keys(open_file(group->root, group->mount, group->below, "memory.stat"),
					  "hierarchical_memory_limit", "", 1);

		limit = above > 0 && above < limit ? above : limit;
	}
	if (limit >= UINT64_MAX / 4 || limit == 0)
		return;
	if (limit < memory->limit)
	{
		memory->limit = limit;
		memory->group = true;
	}
	usage = read_number(group, usage_name);
	if (usage == UINT64_MAX)
		return;
	cached = read_keys(open_file(group->root, group->mount, group->below, "memory.stat"),
					   total ? "total_inactive_file" : "inactive_file",
					   total ? "total_active_file" : "active_file", 1);
	usage = cached < usage ? usage - cached : 0;
	limit = usage < limit ? limit - usage : 0;
	if (limit < memory->available)
		memory->available = limit;
}

static void
take_groups(NnetMachineMemory *memory, Group *group)
{
	bool first = true;

	for (;;)
	{
		char *last = strrchr(group->below, '/');

		if (group->version == 1)
			take_limit(memory, group, "memory.limit_in_bytes", "memory.usage_in_bytes", first);
		else
		{
			take_limit(memory, group, "memory.max", "memory.current", first);
			take_limit(memory, group, "memory.high", "memory.current", first);
		}
		if (last == NULL)
			return;
		*last = '\0';
		first = false;
	}
}

/* ---- which groups ---- */

/* Whether a list with commas has the word "memory". */
static bool
has_memory(const char *list)
{
	for (const char *at = strstr(list, "memory"); at != NULL; at = strstr(at + 1, "memory"))
		if ((at == list || at[-1] == ',') && (at[6] == '\0' || at[6] == ','))
			return true;
	return false;
}

/* The process's group in the hierarchy of that version, as a path; false: there is none. */
static bool
own_group(const char *root, int version, char *path, size_t size)
{
	FILE *file = open_file(root, "/proc", "/self", "cgroup");
	char line[LINE_BYTES];
	bool found = false;

	while (file != NULL && !found && next_line(file, line, sizeof(line)))
	{
		char *list = strchr(line, ':');
		char *group = list != NULL ? strchr(list + 1, ':') : NULL;

		if (group == NULL)
			continue;
		*group++ = '\0';
		list++;
		found = (version == 1 ? has_memory(list) : list[0] == '\0') && strlen(group) < size;
		if (found)
			strcpy(path, group);
	}
	if (file != NULL)
		fclose(file);
	return found;
}

/* mountinfo writes blanks and such as \040. */
static void
unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; to++)
	{
		if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] >= '0' &&
			from[2] <= '7' && from[3] >= '0' && from[3] <= '7')
		{
			*to = (char) ((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
			from += 4;
		}
		else
			*to = *from++;
	}
	*to = '\0';
}

/*
 * Where the hierarchy is mounted, and which part of it: the fields 4 and 5 of
 * a line, whose end after " - " is the file system's type, source and options.
 */
static bool
find_mount(const char *root, int version, char *part, char *mount)
{
	FILE *file = open_file(root, "/proc", "/self", "mountinfo");
	char line[LINE_BYTES];
	bool found = false;

	while (file != NULL && !found && next_line(file, line, sizeof(line)))
	{
		char *end = strstr(line, " - ");
		char type[32];
		char options[1024];

		if (end == NULL || sscanf(end, " - %31s %*s %1023s", type, options) != 2 ||
			sscanf(line, "%*s %*s %*s %4095s %4095s", part, mount) != 2)
			continue;
		found = version == 1 ? strcmp(type, "cgroup") == 0 && has_memory(options)
							 : strcmp(type, "cgroup2") == 0;
	}
	if (file != NULL)
		fclose(file);
	if (found)
	{
		unescape(part);
		unescape(mount);
	}
	return found;
}

static bool
find_group(const char *root, int version, Group *group)
{
	char path[PATH_BYTES];
	char part[PATH_BYTES];
	size_t length;

	group->root = root;
	group->version = version;
	if (!own_group(root, version, path, sizeof(path)) ||
		!find_mount(root, version, part, group->mount))
		return false;
	length = strcmp(part, "/") == 0 ? 0 : strlen(part);
	/* a group that is not below what is mounted: of that only the top can be asked */
	if (strncmp(path, part, length) != 0 || (path[length] != '/' && path[length] != '\0') ||
		strstr(path, "/..") != NULL || strcmp(path + length, "/") == 0)
		group->below[0] = '\0';
	else
		strcpy(group->below, path + length);
	return true;
}

/* What the kernel has not promised yet, where it promises no more than it has. */
static uint64_t
read_promisable(const char *root)
{
	FILE *file = open_file(root, "/proc", "/sys/vm", "overcommit_memory");
	int mode = 0;
	uint64_t limit;
	uint64_t committed;

	if (file != NULL)
	{
		if (fscanf(file, "%d", &mode) != 1)
			mode = 0;
		fclose(file);
	}
	if (mode != 2)
		return UINT64_MAX;
	limit = read_keys(open_file(root, "/proc", "", "meminfo"), "CommitLimit:", "", 1024);
	committed = read_keys(open_file(root, "/proc", "", "meminfo"), "Committed_AS:", "", 1024);
	return limit > committed ? limit - committed : 0;
}

void
nnet_machine_memory_read(const char *root, NnetMachineMemory *memory)
{
	uint64_t physical = read_keys(open_file(root, "/proc", "", "meminfo"), "MemTotal:", "", 1024);
	uint64_t available =
		read_keys(open_file(root, "/proc", "", "meminfo"), "MemAvailable:", "SwapFree:", 1024);
	Group group;

	memory->limit = physical > 0 ? physical : UINT64_MAX;
	memory->available = available > 0 ? available : memory->limit;
	memory->promisable = read_promisable(root);
	memory->group = false;
	for (int version = 1; version <= 2; version++)
		if (find_group(root, version, &group))
			take_groups(memory, &group);
}

/* ---- address space ---- */

static bool
is_limited(int resource)
{
	struct rlimit limit;

	return getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

/* What a limit of this process leaves, when that many pages are in use. */
static uint64_t
limit_left(int resource, unsigned long long pages)
{
	uint64_t used = pages * (uint64_t) sysconf(_SC_PAGESIZE);
	struct rlimit limit;

	if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

uint64_t
nnet_address_space_left(void)
{
	FILE *file;
	unsigned long long size = 0;
	unsigned long long data = 0;
	uint64_t by_size;
	uint64_t by_data;

	/* hardly any server has such limits, and this is asked for every model that is read */
	if (!is_limited(RLIMIT_AS) && !is_limited(RLIMIT_DATA))
		return UINT64_MAX;
	file = fopen("/proc/self/statm", "r");
	if (file != NULL)
	{
		if (fscanf(file, "%llu %*u %*u %*u %*u %llu", &size, &data) != 2)
			size = data = 0;
		fclose(file);
	}
	by_size = limit_left(RLIMIT_AS, size);
	by_data = limit_left(RLIMIT_DATA, data);
	return by_data < by_size ? by_data : by_size;
}
