#include <clairgate/base/text.hpp>
#include <clairgate/registry/credentials.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <registry/fake_registry.hpp>
#include <support/temp_dir.hpp>
#include <support/test_world.hpp>

namespace clairgate::registry {
namespace {

using test::auth_config;
using test::TempDir;
using test::TestWorld;
using Variables = std::map<std::string, std::string, std::less<>>;

void write(std::filesystem::path const& path, std::string const& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
}

Result<std::optional<Credential>>
look(Variables variables, std::vector<std::string>& looked, OwnVariables own = OwnVariables::use) {
    TestWorld world(std::move(variables));
    image::Repository const repository{"h.example", "team/app"};
    return world.run(find_credential(world.world,
                                     repository,
                                     own,
                                     looked,
                                     Deadline::after(world.clock, std::chrono::seconds(20))));
}

std::string user_of(Result<std::optional<Credential>> const& credential) {
    if (!credential.has_value())
        return "error: " + credential.error().text();
    return *credential ? std::get<Credential::Basic>((*credential)->value).user : "";
}

TEST(FindCredential, LooksEverywhereInTheOrderThatIsDocumented) {
    TempDir const folder;
    auto const path = [&](char const* name) { return (folder.path() / name).string(); };
    auto const entry = [](char const* user) { return auth_config("h.example", cat(user, ":p")); };
    write(path("password"), "p\n");
    write(path("docker/config.json"), entry("docker"));
    write(path("home/.docker/config.json"), entry("home-docker"));
    write(path("auth.json"), entry("registry-auth-file"));
    write(path("run/containers/auth.json"), entry("runtime"));
    write(path("home/.config/containers/auth.json"), entry("home-containers"));
    std::vector<std::pair<std::string, Variables>> const steps = {
        {"own",
         {{"CLAIRGATE_REGISTRY_USER", "own"},
          {"CLAIRGATE_REGISTRY_PASSWORD_FILE", path("password")}}},
        {"variable", {{"DOCKER_AUTH_CONFIG", entry("variable")}}},
        {"docker", {{"DOCKER_CONFIG", path("docker")}}},
        {"registry-auth-file", {{"REGISTRY_AUTH_FILE", path("auth.json")}}},
        {"runtime", {{"XDG_RUNTIME_DIR", path("run")}}},
        {"home-docker", {{"HOME", path("home")}}},
    };
    // Each wins over all that come after it.
    for (std::size_t first = 0; first + 1 < steps.size(); ++first) {
        Variables variables;
        for (std::size_t i = first; i + 1 < steps.size(); ++i)
            variables.insert(steps[i].second.begin(), steps[i].second.end());
        std::vector<std::string> looked;
        EXPECT_EQ(user_of(look(variables, looked)), steps[first].first);
    }
    std::vector<std::string> looked;
    EXPECT_EQ(user_of(look(steps.back().second, looked)), "home-docker");
    std::filesystem::remove_all(path("home/.docker"));
    EXPECT_EQ(user_of(look(steps.back().second, looked)), "home-containers");
}

TEST(FindCredential, SaysWhereItLookedWhenThereIsNone) {
    TempDir const folder;
    std::vector<std::string> looked;
    EXPECT_EQ(user_of(look({{"HOME", folder.path().string()}}, looked)), "");
    ASSERT_EQ(looked.size(), 3U);
    EXPECT_EQ(looked[0], "CLAIRGATE_REGISTRY_USER");
    EXPECT_TRUE(looked[1].ends_with("/.docker/config.json")) << looked[1];
    EXPECT_TRUE(looked[2].ends_with("/.config/containers/auth.json")) << looked[2];
}

TEST(FindCredential, LeavesOurVariablesToTheRegistryTheyAreFor) {
    TempDir const folder;
    write(folder.path() / "password", "p");
    std::vector<std::string> looked;
    EXPECT_EQ(user_of(look({{"CLAIRGATE_REGISTRY_USER", "own"},
                            {"CLAIRGATE_REGISTRY_PASSWORD_FILE", folder.path() / "password"}},
                           looked,
                           OwnVariables::skip)),
              "");
    EXPECT_TRUE(looked.empty());
}

TEST(FindCredential, AHelperIsAskedBeforeTheFileAndItsNothingIsNoEnd) {
    TempDir const folder;
    auto const helper = folder.path() / "docker-credential-none";
    write(helper, "#!/bin/sh\necho 'credentials not found in native keychain'\nexit 1\n");
    std::filesystem::permissions(helper, std::filesystem::perms::owner_all);
    auto config = auth_config("h.example", "u:p");
    config.insert(1, R"("credsStore":"none",)");
    std::vector<std::string> looked;
    EXPECT_EQ(user_of(look({{"DOCKER_AUTH_CONFIG", config},
                            {"PATH", folder.path().string() + ":/usr/bin:/bin"}},
                           looked)),
              "u");
    EXPECT_EQ(looked.back(), "docker-credential-none");
}

TEST(FindCredential, AFaultIsAnErrorNeverAnonymous) {
    TempDir const folder;
    write(folder.path() / "config.json", "{\"auths\":");
    write(folder.path() / "empty", "");
    std::filesystem::create_directories(folder.path() / "folder/config.json");
    Variables const rows[] = {
        {{"CLAIRGATE_REGISTRY_USER", "u"}},
        {{"CLAIRGATE_REGISTRY_PASSWORD_FILE", folder.path() / "empty"}},
        {{"CLAIRGATE_REGISTRY_USER", "u"},
         {"CLAIRGATE_REGISTRY_PASSWORD_FILE", folder.path() / "missing"}},
        {{"CLAIRGATE_REGISTRY_USER", "u"},
         {"CLAIRGATE_REGISTRY_PASSWORD_FILE", folder.path() / "empty"}},
        {{"DOCKER_AUTH_CONFIG", "not json"}},
        {{"DOCKER_CONFIG", folder.path()}},
        {{"DOCKER_CONFIG", folder.path() / "folder"}},
        {{"DOCKER_AUTH_CONFIG", R"({"credsStore":"../evil"})"}},
        {{"DOCKER_AUTH_CONFIG", R"({"credsStore":"absent"})"}},
    };
    for (auto const& row : rows) {
        std::vector<std::string> looked;
        EXPECT_FALSE(look(row, looked).has_value()) << row.begin()->first << row.begin()->second;
    }
}

} // namespace
} // namespace clairgate::registry
