#include <clairgate/io/files.hpp>
#include <clairgate/local/nameless_user.hpp>

#include <array>
#include <string_view>

#include <pwd.h>
#include <sys/types.h>

namespace clairgate::local {

namespace {

// user_name.cpp, built as a library and written here byte by byte by the build.
constexpr unsigned char library_bytes[] = {
#include "user_name_bytes.inc"
};

} // namespace

bool has_passwd_entry(std::uint32_t uid) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer{};
    return ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
}

Result<std::map<std::string, std::string>> initdb_environment(
    Layout const& layout, std::uint32_t uid, std::map<std::string, std::string> environment) {
    if (has_passwd_entry(uid))
        return environment;
    std::string const bytes(std::begin(library_bytes), std::end(library_bytes));
    auto const library = layout.work / "user_name.so";
    TRY_VOID(io::write_atomically(library, bytes, 0755));
    environment["LD_PRELOAD"] = library.string();
    return environment;
}

} // namespace clairgate::local
