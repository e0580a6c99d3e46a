// A shared object of its own that initdb is started with where its uid has no passwd entry, as in a
// container with an arbitrary uid: initdb asks for a name and stops without one, though it needs
// none (the superuser's name is given). PostgreSQL's other programs do not ask.
#include <pwd.h>
#include <unistd.h>

extern "C" struct passwd* getpwuid(uid_t uid) {
    static char name[] = "clair";
    static char nothing[] = "";
    static char root[] = "/";
    static struct passwd entry;
    entry.pw_name = name;
    entry.pw_passwd = nothing;
    entry.pw_uid = uid;
    entry.pw_gid = getgid();
    entry.pw_gecos = nothing;
    entry.pw_dir = root;
    entry.pw_shell = nothing;
    return &entry;
}
