/* TODO: some day */
int x; // FIXME later
/* XXX(#) */
