// What LeakSanitizer is to bear with; linked into all that is built with it. libgit2 1.5 matches regular expressions
// with pcre2 and loses the match data; nothing of ours calls pcre2.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libpcre2-8.so\n"; }

extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }
