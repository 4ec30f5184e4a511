/*
 * one_query.c
 *	  Texts of queries that users give to functions: text that goes on after the end of a
 *	  query would be run as well.
 */
#include "pg/nnet.h"

#include <ctype.h>

#include "executor/spi.h"
#include "utils/plancache.h"

SPIPlanPtr
nnet_prepare_query(const char *sql, int cursor_options, const CachedPlanSource **only)
{
	SPIPlanPtr plan = SPI_prepare_cursor(sql, 0, NULL, cursor_options);
	List *sources;

	if (plan == NULL)
		elog(ERROR, "SPI_prepare_cursor failed: %s", SPI_result_code_string(SPI_result));
	sources = SPI_plan_get_plan_sources(plan);
	*only = list_length(sources) == 1 ? linitial(sources) : NULL;
	return plan;
}

char *
nnet_without_semicolon(const char *sql)
{
	char *text = pstrdup(sql);
	size_t n = strlen(text);

	while (n > 0 && (text[n - 1] == ';' || isspace((unsigned char) text[n - 1])))
		text[--n] = '\0';
	return text;
}
