namespace LifeRaft.Silo;

/// <summary>
/// Starts the web server before the silo and stops it after: whether a silo is ready is asked above all while it is not. ASP.NET adds its
/// server as the last service when the host is built, so the order can be changed only here, where the services are complete.
/// </summary>
internal sealed class WebServerFirst : IServiceProviderFactory<IServiceCollection>
{
    private const string Server = "Microsoft.AspNetCore.Hosting.GenericWebHostService";

    private readonly DefaultServiceProviderFactory _provider = new();

    public IServiceCollection CreateBuilder(IServiceCollection services)
    {
        var server = services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.FullName == Server);
        services.Remove(server);
        services.Insert(0, server);
        return services;
    }

    public IServiceProvider CreateServiceProvider(IServiceCollection containerBuilder) => _provider.CreateServiceProvider(containerBuilder);
}
