static int calls;
static struct thing table[] = {
    {1},
};
static _Thread_local char buffer[10];
