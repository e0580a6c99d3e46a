// The house rules as a test: what a reviewer would otherwise have to say again and again. Every
// message names the place and the replacement.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct File {
    std::string path; // relative to the checkout
    std::vector<std::string> lines;
    bool is_under(std::string_view folder) const { return path.starts_with(folder); }
    bool is_header() const { return path.ends_with(".hpp"); }
};

std::string text_of(fs::path const& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::vector<File> const& sources() {
    static std::vector<File> const all = [] {
        std::vector<File> files;
        fs::path const root = CLAIRGATE_SOURCE_DIR;
        for (auto const* top : {"include", "src", "tests"}) {
            for (auto const& entry : fs::recursive_directory_iterator(root / top)) {
                auto const extension = entry.path().extension();
                if (extension != ".cpp" && extension != ".hpp")
                    continue;
                File file{fs::relative(entry.path(), root).string(), {}};
                std::istringstream in(text_of(entry.path()));
                for (std::string line; std::getline(in, line);)
                    file.lines.push_back(line);
                files.push_back(std::move(file));
            }
        }
        std::sort(files.begin(), files.end(), [](auto& a, auto& b) { return a.path < b.path; });
        return files;
    }();
    return all;
}

std::string room_of(std::string_view path) {
    for (std::string_view const top : {"include/clairgate/", "src/"}) {
        if (!path.starts_with(top))
            continue;
        path.remove_prefix(top.size());
        auto const slash = path.find('/');
        return slash == std::string_view::npos ? "main" : std::string(path.substr(0, slash));
    }
    return "";
}

// Who may know whom: style of the house, exhaustive.
std::map<std::string, std::set<std::string>> const& allowed_rooms() {
    static std::map<std::string, std::set<std::string>> const allowed{
        {"base", {}},
        {"image", {"base"}},
        {"finding", {"base", "image"}},
        {"policy", {"base", "image", "finding"}},
        {"report", {"base", "image", "finding", "policy"}},
        {"attest", {"base", "image", "finding"}},
        {"io", {"base"}},
        {"sign", {"base", "attest", "io"}},
        {"registry", {"base", "image", "io"}},
        {"clair", {"base", "image", "finding", "io", "registry"}},
        {"wait", {"base", "image", "io", "registry"}},
        {"local", {"base", "image", "finding", "io", "clair"}},
        {"gate",
         {"base",
          "image",
          "finding",
          "policy",
          "report",
          "attest",
          "io",
          "registry",
          "clair",
          "wait",
          "sign",
          "local"}},
        {"main", {"base", "io", "gate"}},
    };
    return allowed;
}

struct Ban {
    std::string_view text;
    std::vector<std::string_view> except; // path prefixes
    std::string_view instead;
};

std::vector<Ban> const& bans() {
    static std::vector<Ban> const list{
        {"asio::detached", {}, "await it, or co_spawn with a handler that records the outcome"},
        {"std::regex", {}, "a hand-written linear matcher"},
        {"std::cout", {}, "text through gate's Output"},
        {"std::cerr", {}, "the injected Log"},
        {"getenv(", {}, "io::Environment, filled once in main"},
        {"std::system(", {}, "io::run_process"},
        {"popen(", {}, "io::run_process"},
        {"<boost/process", {"src/io/process"}, "io::run_process or io::Child"},
        {"curl/curl.h", {"src/io/http"}, "io::Http"},
        {"system_clock::now", {"src/gate/", "src/main.cpp"}, "the injected Clock"},
        {"steady_clock::now", {"src/gate/", "src/main.cpp"}, "the injected Clock"},
        {"std::random_device", {"src/gate/", "src/main.cpp"}, "World::random"},
        {"disable_cancellation", {}, "leaves that honour cancellation"},
        {"GTEST_SKIP", {}, "a test that runs or fails"},
        {"DISABLED_", {}, "a test that runs or fails"},
        {"TODO", {}, "an issue"},
        {"FIXME", {}, "an issue"},
    };
    return list;
}

// The code of a line: without its // comment and without string literals.
std::string code_of(std::string const& line) {
    std::string code;
    bool in_string = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (in_string && line[i] == '\\') {
            ++i;
            continue;
        }
        if (line[i] == '"' && (i == 0 || line[i - 1] != '\''))
            in_string = !in_string;
        else if (!in_string && line.compare(i, 2, "//") == 0)
            break;
        else if (!in_string)
            code += line[i];
    }
    return code;
}

std::string at(File const& file, std::size_t line) {
    return file.path + ":" + std::to_string(line + 1) + ": ";
}

TEST(House, RoomsKnowOnlyWhomTheyMay) {
    for (auto const& file : sources()) {
        auto const room = room_of(file.path);
        if (room.empty())
            continue;
        ASSERT_TRUE(allowed_rooms().contains(room)) << file.path << ": a room nobody planned";
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            auto const& line = file.lines[i];
            constexpr std::string_view include = "#include <clairgate/";
            if (!line.starts_with(include))
                continue;
            auto const other =
                line.substr(include.size(), line.find('/', include.size()) - include.size());
            EXPECT_TRUE(other == room || allowed_rooms().at(room).contains(other))
                << at(file, i) << room << " may not know " << other;
        }
    }
}

TEST(House, PureRoomsNeverSuspend) {
    std::set<std::string> const pure{"base", "image", "finding", "policy", "report", "attest"};
    for (auto const& file : sources()) {
        if (!pure.contains(room_of(file.path)) || file.path.ends_with("base/result.hpp"))
            continue; // result.hpp defines CO_TRY for the edge rooms
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            for (auto const* word :
                 {"co_await", "co_return", "boost/asio", "<fstream>", "<thread>"})
                EXPECT_TRUE(file.lines[i].find(word) == std::string::npos)
                    << at(file, i) << word << " in a pure room: move it to an edge room";
        }
    }
}

TEST(House, BannedConstructsStayOut) {
    for (auto const& file : sources()) {
        if (file.path == "tests/tidy_test.cpp")
            continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            for (auto const& ban : bans()) {
                bool const is_word = ban.text == "TODO" || ban.text == "FIXME";
                auto const text = is_word ? file.lines[i] : code_of(file.lines[i]);
                bool const excepted = file.is_under("tests/") && !is_word &&
                                      ban.text != "asio::detached" && ban.text != "GTEST_SKIP" &&
                                      ban.text != "DISABLED_";
                bool const allowed =
                    excepted || std::any_of(ban.except.begin(), ban.except.end(), [&](auto prefix) {
                        return file.is_under(prefix);
                    });
                EXPECT_TRUE(allowed || text.find(ban.text) == std::string::npos)
                    << at(file, i) << ban.text << " is banned; use " << ban.instead;
            }
        }
    }
}

// g++ 12 frees the wrong pointer for a braced aggregate or a capturing lambda inside a co_await
// full expression, and loses errors of `co_await` on statement expressions.
TEST(House, CoAwaitExpressionsHoldNoBracedTemporaries) {
    for (auto const& file : sources()) {
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            auto const code = code_of(file.lines[i]);
            auto const await = code.find("co_await ");
            if (await == std::string::npos)
                continue;
            auto const rest = code.substr(await);
            EXPECT_TRUE(rest.find("({") == std::string::npos &&
                        rest.find(", {") == std::string::npos)
                << at(file, i) << "braced temporary in a co_await: name it first";
            EXPECT_TRUE(rest.find("[=") == std::string::npos)
                << at(file, i) << "capturing lambda in a co_await: name it first";
            EXPECT_TRUE(code.find("TRY(") == std::string::npos ||
                        code.find("CO_TRY") != std::string::npos)
                << at(file, i) << "TRY with co_await: use CO_TRY";
        }
    }
}

// A `return` out of a half-made braced initialiser leaks what was made before it (g++ 12).
TEST(House, NoTryInsideABracedInitialiser) {
    for (auto const& file : sources()) {
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            auto const code = code_of(file.lines[i]);
            auto const attempt = code.find(", TRY(");
            if (attempt == std::string::npos)
                continue;
            auto const before = code.substr(0, attempt);
            EXPECT_LE(std::count(before.begin(), before.end(), '{'),
                      std::count(before.begin(), before.end(), '}'))
                << at(file, i) << "TRY in a braced initialiser: name it first";
        }
    }
}

TEST(House, FilesAndLinesAreShort) {
    for (auto const& file : sources()) {
        EXPECT_LE(file.lines.size(), 400U) << file.path << ": split it by concern";
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            auto const& line = file.lines[i];
            auto const characters =
                std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
            EXPECT_LE(characters, 100) << at(file, i) << "line too long";
        }
    }
}

TEST(House, FunctionsFitOnAScreen) {
    for (auto const& file : sources()) {
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            auto const& line = file.lines[i];
            auto const indent = line.find_first_not_of(' ');
            bool const opens = line.ends_with(") {") || line.ends_with(") const {") ||
                               line.ends_with(") noexcept {") || line.ends_with(") && {");
            if (!opens || indent == std::string::npos || indent > 4)
                continue;
            // A lambda inside of an expression closes deeper than its line begins: whatever ends
            // the block around it ends it too.
            auto const is_end = [&](std::string const& other) {
                auto const deep = other.find_first_not_of(' ');
                return deep != std::string::npos &&
                       (deep < indent || (deep == indent && other[deep] == '}'));
            };
            std::size_t end = i + 1;
            while (end < file.lines.size() && !is_end(file.lines[end]))
                ++end;
            EXPECT_LE(end - i + 1, 70U)
                << at(file, i) << "function too long: push ifs up, fors down";
        }
    }
}

TEST(House, HeadersGuardThemselvesAndOpenNoNamespace) {
    for (auto const& file : sources()) {
        if (!file.is_header())
            continue;
        EXPECT_TRUE(!file.lines.empty() && file.lines.front() == "#pragma once") << file.path;
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            EXPECT_FALSE(file.lines[i].starts_with("using namespace")) << at(file, i);
    }
}

TEST(House, EverySourceHasItsTest) {
    std::set<std::string> paths;
    for (auto const& file : sources())
        paths.insert(file.path);
    for (auto const& file : sources()) {
        auto const room = room_of(file.path);
        if (!file.is_under("src/") || file.is_header() || room == "main")
            continue;
        // Sub-folders mirror: src/policy/conditions/kev.cpp, tests/policy/conditions/kev_test.cpp.
        auto const stem = fs::path(file.path.substr(4)).replace_extension().string();
        auto const test = "tests/" + stem + "_test.cpp";
        EXPECT_TRUE(paths.contains(test)) << file.path << ": write " << test;
    }
}

TEST(House, ReadmeNamesTheTwoCommandsAndEveryExitStatus) {
    auto const readme = text_of(fs::path(CLAIRGATE_SOURCE_DIR) / "README.md");
    for (auto const* must : {"plugins/local/quickstart",
                             "tests/run",
                             "| 0 |",
                             "| 1 |",
                             "| 2 |",
                             "| 3 |",
                             "| 4 |",
                             "| 5 |",
                             "| 10 |",
                             "| 130, 143 |"})
        EXPECT_NE(readme.find(must), std::string::npos) << "README.md lacks " << must;
}

} // namespace
