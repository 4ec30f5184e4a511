/*
 * init.c
 *	  What is done as the library is loaded: settings, and the hooks of scans.
 *	  The core starts with the first model that is used (start.c).
 */
#include "pg/nnet.h"

#include "pg/predict/scan.h"
#include "pg/run/progress.h"

PG_MODULE_MAGIC;

extern void _PG_init(void);

void
_PG_init(void)
{
	nnet_define_settings();
	nnet_scan_define();
	nnet_progress_define();
}
