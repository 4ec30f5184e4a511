/*
 * openblas.c
 *	  A library under OpenBLAS's name that tells what was done with it.
 *
 * The environment says how it behaves: FAKE_VERSION, FAKE_ALONE (the kernels
 * that it takes by itself), FAKE_KNOWS (" Zen Haswell ", the names it knows; it
 * knows all if there is none).  It counts in FAKE_LOADS how often it was loaded.
 * As in old versions an unknown name gives Prescott.  Products do nothing.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define BUFFER ((size_t) 128 << 20)

extern void cblas_sgemm(void);
extern void cblas_dgemm(void);
extern void cblas_sgemv(void);
extern void cblas_dgemv(void);
extern void openblas_set_num_threads(int n);
extern int openblas_get_num_threads(void);
extern char *openblas_get_config(void);
extern char *openblas_get_corename(void);
extern void *blas_memory_alloc(int caller);
extern void blas_memory_free(void *buffer);

static char core[32];
static char config[128];
static void *buffers[64];
static int held;

static void begin(void) __attribute__((constructor));

static void
begin(void)
{
	const char *asked = getenv("OPENBLAS_CORETYPE");
	const char *alone = getenv("FAKE_ALONE");
	const char *knows = getenv("FAKE_KNOWS");
	const char *version = getenv("FAKE_VERSION");
	const char *loads = getenv("FAKE_LOADS");
	char text[40];

	snprintf(core, sizeof(core), "%s", asked != NULL ? asked : alone != NULL ? alone : "Prescott");
	snprintf(text, sizeof(text), " %s ", core);
	if (core[0] == '\0' || (asked != NULL && knows != NULL && strstr(knows, text) == NULL))
		strcpy(core, "Prescott");
	snprintf(config, sizeof(config), "OpenBLAS %s FAKE", version != NULL ? version : "0.3.21");
	snprintf(text, sizeof(text), "%d", loads != NULL ? atoi(loads) + 1 : 1);
	setenv("FAKE_LOADS", text, 1);
}

void
cblas_sgemm(void)
{
}

void
cblas_dgemm(void)
{
}

void
cblas_sgemv(void)
{
}

void
cblas_dgemv(void)
{
}

void
openblas_set_num_threads(int n)
{
	(void) n;
}

int
openblas_get_num_threads(void)
{
	return 1;
}

char *
openblas_get_config(void)
{
	return config;
}

char *
openblas_get_corename(void)
{
	return core;
}

/* Never refused in the end, as OpenBLAS's: it would try for ever. */
void *
blas_memory_alloc(int caller)
{
	(void) caller;
	if (buffers[held] == NULL)
	{
		buffers[held] =
			mmap(NULL, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (buffers[held] == MAP_FAILED)
			abort();
	}
	return buffers[held++];
}

void
blas_memory_free(void *buffer)
{
	(void) buffer;
	held--;
}
