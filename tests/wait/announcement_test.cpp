#include <clairgate/base/text.hpp>
#include <clairgate/wait/digest_file.hpp>

#include <gtest/gtest.h>

namespace clairgate::wait {
namespace {

std::string const one = "sha256:" + std::string(64, 'a');
std::string const two = "sha256:" + std::string(64, 'b');
std::string const long_one = "sha512:" + std::string(128, 'c');

// "repository digest; …", or "error KIND".
std::string said(std::string_view bytes) {
    auto const parsed = parse_announcements(bytes);
    if (!parsed.has_value())
        return cat("error ", to_string(parsed.error().kind()));
    std::string out;
    for (auto const& announcement : *parsed)
        out += cat(out.empty() ? "" : "; ",
                   announcement.repository.value_or("-"),
                   " ",
                   announcement.digest.text().substr(7, 1));
    return out;
}

TEST(Announcements, AreReadInTheFormOfEveryBuilder) {
    struct Row {
        char const* builder;
        std::string bytes;
        char const* wanted;
    };
    Row const rows[] = {
        {"buildah, podman, skopeo --digestfile", one, "- a"},
        {"kaniko --digest-file with echo's newline", one + "\n", "- a"},
        {"a Windows line end", one + "\r\n", "- a"},
        {"sha512", long_one, "- c"},
        {"kaniko --image-name-with-digest-file",
         "r.test/team/app@" + one + "\n",
         "r.test/team/app a"},
        {"kaniko --image-name-tag-with-digest-file",
         "r.test:5000/app:1.2@" + one + "\nr.test:5000/app:latest@" + one,
         "r.test:5000/app a; r.test:5000/app a"},
        {"kaniko BUILDER_OUTPUT",
         R"({"name":"r.test/a:1","digest":")" + one + "\"}\n" +
             R"({"name":"r.test/b:1","digest":")" + two + "\"}\n",
         "r.test/a a; r.test/b b"},
        {"buildx --metadata-file",
         R"({"buildx.build.ref":"x","containerimage.config.digest":")" + two +
             R"(","containerimage.digest":")" + one +
             R"(","containerimage.descriptor":{"digest":")" + one +
             R"("},"image.name":"r.test/app:1"})",
         "r.test/app a"},
        {"buildx with two names",
         R"({"containerimage.digest":")" + one + R"(","image.name":"r.test/app:1, r.test/app:2"})",
         "r.test/app a; r.test/app a"},
        {"buildx without a name", R"({"containerimage.digest":")" + one + R"("})", "- a"},
        {"bake, one target not pushed",
         R"({"api":{"containerimage.digest":")" + one +
             R"(","image.name":"r.test/api:1"},"tool":{"containerimage.config.digest":")" + two +
             R"("},"buildx.build.warnings":[]})",
         "r.test/api a"},
        {"jib",
         R"({"image":"r.test/app","imageId":")" + two + R"(","imageDigest":")" + one +
             R"(","tags":["1"],"imagePushed":true})",
         "r.test/app a"},
    };
    for (auto const& row : rows)
        EXPECT_EQ(said(row.bytes), row.wanted) << row.builder;
}

TEST(Announcements, AreRefusedWhenTheyAreIncompleteOrSomethingElse) {
    std::string many;
    for (int i = 0; i < 300; ++i)
        many += cat("r.test/a", i, "@", one, "\n");
    struct Row {
        char const* what;
        std::string bytes;
        char const* wanted;
    };
    Row const rows[] = {
        {"nothing", "", "error protocol"},
        {"only a newline", "\n", "error protocol"},
        {"half a digest", one.substr(0, 40), "error protocol"},
        {"one character too many", one + "a", "error protocol"},
        {"upper case", "sha256:" + std::string(64, 'A'), "error protocol"},
        {"white space around", " " + one, "error protocol"},
        {"a NUL byte", one + std::string(1, '\0'), "error protocol"},
        {"words before it", "digest: " + one, "error protocol"},
        {"half a line after a whole one", "r.test/a@" + one + "\nr.te", "error protocol"},
        {"half a JSON document", R"({"containerimage.digest":")" + one, "error protocol"},
        {"half a JSON document on two lines",
         "{\n\"containerimage.digest\":\"" + one,
         "error protocol"},
        {"JSON without a digest", "{}", "error protocol"},
        {"a digest of another type", R"({"containerimage.digest":7})", "error protocol"},
        {"a malformed digest", R"({"containerimage.digest":"sha256:abc"})", "error protocol"},
        {"a key twice",
         R"({"containerimage.digest":")" + one + R"(","containerimage.digest":")" + two + R"("})",
         "error protocol"},
        {"jib without a push",
         R"({"imageDigest":")" + one + R"(","imagePushed":false})",
         "error protocol"},
        {"jib that does not say", R"({"imageDigest":")" + one + R"("})", "error protocol"},
        {"more lines than an image has names", many, "error limit"},
    };
    for (auto const& row : rows)
        EXPECT_EQ(said(row.bytes), row.wanted) << row.what;
}

TEST(Announcements, TellAnImageIdFromADigest) {
    std::string const files[] = {
        R"({"containerimage.config.digest":")" + one + R"("})",
        R"({"app":{"containerimage.config.digest":")" + one + R"("}})",
        std::string(64, 'a'),
        "3f5a9c0b1d2e",
    };
    for (auto const& bytes : files) {
        auto const parsed = parse_announcements(bytes);
        ASSERT_FALSE(parsed.has_value()) << bytes;
        EXPECT_NE(parsed.error().message().find("image ID"), std::string::npos) << bytes;
        EXPECT_NE(parsed.error().remedy().find("--metadata-file"), std::string::npos) << bytes;
    }
}

// The chosen reference, or "error KIND".
std::string chosen(std::string_view bytes, std::optional<image::Repository> const& repository) {
    auto const parsed = parse_announcements(bytes);
    if (!parsed.has_value())
        return "unreadable";
    auto const reference = choose(*parsed, repository);
    return reference.has_value() ? reference->text()
                                 : cat("error ", to_string(reference.error().kind()));
}

TEST(Choice, IsOfOneRepositoryAndOneDigest) {
    image::Repository const app{"r.test", "app"};
    image::Repository const hub{"docker.io", "library/app"};
    struct Row {
        char const* what;
        std::string bytes;
        std::optional<image::Repository> repository;
        std::string wanted;
    };
    Row const rows[] = {
        {"a bare digest takes the repository of --image", one, app, "r.test/app@" + one},
        {"a bare digest alone names no repository", one, {}, "error usage"},
        {"a file may name the repository itself", "r.test/app:1@" + one, {}, "r.test/app@" + one},
        {"the file's repository must be ours", "r.test/other@" + one, app, "error protocol"},
        {"a prefix is another repository", "r.test/app/x@" + one, app, "error protocol"},
        {"another port is another registry", "r.test:444/app@" + one, app, "error protocol"},
        {"ours is picked of several",
         "r.test/b@" + two + "\nr.test/app@" + one,
         app,
         "r.test/app@" + one},
        {"two of them and nobody picks",
         "r.test/b@" + two + "\nr.test/app@" + one,
         {},
         "error integrity"},
        {"two digests of ours",
         "r.test/app@" + two + "\nr.test/app@" + one,
         app,
         "error integrity"},
        {"two bare digests", one + "\n" + two, app, "error integrity"},
        {"short names mean Docker Hub", "app:1@" + one, hub, "docker.io/library/app@" + one},
        {"a name that is none", "::error::x@" + one, {}, "error protocol"},
    };
    for (auto const& row : rows)
        EXPECT_EQ(chosen(row.bytes, row.repository), row.wanted) << row.what;
}

} // namespace
} // namespace clairgate::wait
