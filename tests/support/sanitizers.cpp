// What sanitizers are told; linked into all that is built with them.

// Undefined behaviour is an illegal instruction (CMakeLists.txt), and this shows where. No status of ours is 134, which
// a shell gives for a program that aborts.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "handle_sigill=1:exitcode=134"; }

// libgit2 1.5 matches regular expressions with pcre2 and loses the match data; nothing of ours calls pcre2.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libpcre2-8.so\n"; }

extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }
