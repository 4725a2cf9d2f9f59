// clang-format off
static const char *const table[] = {"a row of a table may be wider than one hundred columns", "as long as it says"};
// clang-format on
int here; /* and a comment may go on until it reaches column one hundred and thirty, which it does at the very end of this: */
int narrow; /* columns are characters: ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé */
