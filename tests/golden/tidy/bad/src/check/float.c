double rate;
static const float half = 0.5f;
