/*
 * name.c
 *	  The name of a new model, as SQL writes names: folded and cut like
 *	  identifiers, quoted where they are other than that, after a schema or not.
 */
#include "pg/model/model.h"

#include "catalog/namespace.h"
#include "nodes/pg_list.h"
#include "parser/scansup.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

/* Say of each part that is too long that it is cut, in the words of SQL's own notice. */
static void
notice_cut(const char *at)
{
	while (*at != '\0')
	{
		char *part = palloc(strlen(at) + 1);
		int n = 0;

		while (scanner_isspace(*at))
			at++;
		if (*at == '"')
		{
			for (at++; *at != '\0' && !(at[0] == '"' && at[1] != '"'); at++)
			{
				part[n++] = *at;
				at += *at == '"';
			}
			at += *at != '\0';
			part[n] = '\0';
			truncate_identifier(part, n, true);
		}
		else
		{
			while (at[n] != '\0' && at[n] != '.' && !scanner_isspace(at[n]))
				n++;
			(void) downcase_truncate_identifier(at, n, true);
			at += n;
		}
		while (scanner_isspace(*at) || *at == '.')
			at++;
	}
}

RangeVar *
nnet_new_model_name(text *name)
{
	char *raw = text_to_cstring(name);
	List *parts;

	if (!SplitIdentifierString(pstrdup(raw), '.', &parts) || parts == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME), errmsg("invalid name syntax: \"%s\"", raw),
				 raw[strspn(raw, " \t\n")] == '\0'
					 ? errhint("Give the model a name.")
					 : errhint("A name of more than letters, digits and underscores is put in "
							   "double quotes, here %s, which format('%%I', ...) does.",
							   quote_literal_cstr(quote_identifier(raw)))));
	notice_cut(raw);
	return makeRangeVarFromNameList(textToQualifiedNameList(name));
}
